CREATE TABLE "cache_purges" (
	"id" text PRIMARY KEY NOT NULL,
	"filter" jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "cache_purges_at" ON "cache_purges" USING btree ("at");