CREATE TABLE "stored_responses" (
	"id" text PRIMARY KEY NOT NULL,
	"project" text NOT NULL,
	"key_id" text NOT NULL,
	"model" text NOT NULL,
	"previous_id" text,
	"input" text NOT NULL,
	"response" text NOT NULL,
	"bytes" integer NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "stored_responses_expires" ON "stored_responses" USING btree ("expires_at");