-- What waits for somebody to decide about it, and what was decided.
CREATE TABLE "guard_reviews" (
	"id" text PRIMARY KEY NOT NULL,
	"state" text NOT NULL,
	"kind" text NOT NULL,
	"runs_here" boolean NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"delete_at" timestamp with time zone NOT NULL,
	"keep_ms" bigint NOT NULL,
	"decided_at" timestamp with time zone,
	"decided_by" text,
	"note" text,
	"message" text,
	"project" text NOT NULL,
	"key_id" text NOT NULL,
	"user_id" text,
	"trace_id" text NOT NULL,
	"used_by" text,
	"dialect" text NOT NULL,
	"operation" text NOT NULL,
	"endpoint" text NOT NULL,
	"model" text NOT NULL,
	"policy" text NOT NULL,
	"reasons" jsonb NOT NULL,
	"digest" text NOT NULL,
	"request" text NOT NULL,
	"held" text,
	"edited" text,
	"result" text,
	"run_by" text,
	"run_until" timestamp with time zone,
	"runs" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE INDEX "guard_reviews_created" ON "guard_reviews" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "guard_reviews_delete" ON "guard_reviews" USING btree ("delete_at");--> statement-breakpoint
CREATE INDEX "guard_reviews_open" ON "guard_reviews" USING btree ("project","key_id","digest") WHERE "guard_reviews"."state" in ('waiting', 'approved');