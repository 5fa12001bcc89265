CREATE TABLE "blocks" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"project" text,
	"reason" text,
	"origin" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone,
	CONSTRAINT "blocks_subject" UNIQUE NULLS NOT DISTINCT("kind","subject","project")
);
--> statement-breakpoint
CREATE TABLE "events" (
	"id" text PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"kind" text NOT NULL,
	"severity" text NOT NULL,
	"subject" text NOT NULL,
	"dedupe" text,
	"evidence" jsonb NOT NULL,
	"resolved_at" timestamp with time zone
);
--> statement-breakpoint
CREATE UNIQUE INDEX "events_dedupe" ON "events" USING btree ("dedupe") WHERE resolved_at is null;--> statement-breakpoint
CREATE INDEX "events_at" ON "events" USING btree ("at","id");