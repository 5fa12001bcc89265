CREATE TABLE "alert_deliveries" (
	"id" text PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"alert" text NOT NULL,
	"subject" text NOT NULL,
	"state" text NOT NULL,
	"channel" text NOT NULL,
	"outcome" text NOT NULL,
	"attempts" integer NOT NULL,
	"error" text
);
--> statement-breakpoint
CREATE TABLE "feedback" (
	"trace_id" text NOT NULL,
	"author" text NOT NULL,
	"project" text,
	"thumb" text,
	"score" double precision,
	"comment" text,
	"tags" text[],
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "feedback_trace_id_author_pk" PRIMARY KEY("trace_id","author")
);
--> statement-breakpoint
CREATE TABLE "journals" (
	"id" text PRIMARY KEY NOT NULL,
	"segment" bigint NOT NULL,
	"offset" bigint NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "alert_deliveries_at" ON "alert_deliveries" USING btree ("at","id");--> statement-breakpoint
CREATE INDEX "feedback_updated_at" ON "feedback" USING btree ("updated_at","trace_id");