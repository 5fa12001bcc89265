-- What is tried and how it stands, examples that routing learns from, and why each request went where it went.
CREATE TABLE "rollout_tallies" (
	"kind" text NOT NULL,
	"id" text NOT NULL,
	"run" text NOT NULL,
	"arm" text NOT NULL,
	"step" bigint NOT NULL,
	"replica" text NOT NULL,
	"sums" jsonb NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "rollout_tallies_pkey" PRIMARY KEY("kind","id","run","arm","step","replica")
);
--> statement-breakpoint
CREATE TABLE "rollouts" (
	"kind" text NOT NULL,
	"id" text NOT NULL,
	"definition" jsonb,
	"state" jsonb,
	"state_version" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "rollouts_pkey" PRIMARY KEY("kind","id")
);
--> statement-breakpoint
CREATE TABLE "routing_examples" (
	"id" text PRIMARY KEY NOT NULL,
	"model" text NOT NULL,
	"space" text NOT NULL,
	"vector" "bytea" NOT NULL,
	"features" jsonb NOT NULL,
	"tier" text,
	"small_ok" real,
	"large_ok" real,
	"source" text NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "traces" ADD COLUMN "arm" text;--> statement-breakpoint
ALTER TABLE "traces" ADD COLUMN "routing" json;--> statement-breakpoint
-- A partition that somebody detached has the columns too, since it may be attached again.
DO $$
DECLARE
	loose regclass;
BEGIN
	FOR loose IN SELECT "oid" FROM "pg_class" WHERE "relnamespace" = (
			SELECT "relnamespace" FROM "pg_class" WHERE "oid" = 'traces'::regclass
		) AND "relname" ~ '^traces_[0-9a-f]{16}(_[0-9]{8})?$' AND "relkind" IN ('r', 'p') AND NOT "relispartition"
	LOOP
		EXECUTE format('ALTER TABLE %s ADD COLUMN IF NOT EXISTS "arm" text, ADD COLUMN IF NOT EXISTS "routing" json', loose);
	END LOOP;
END
$$;
--> statement-breakpoint
CREATE INDEX "routing_examples_model" ON "routing_examples" USING btree ("model","updated_at");--> statement-breakpoint
CREATE INDEX "traces_arm" ON "traces" USING btree ("arm","started_at") WHERE arm is not null;
