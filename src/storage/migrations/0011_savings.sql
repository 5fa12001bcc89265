-- What the caches saved: a column of traces, and sums beside those of usage.
CREATE TABLE "savings_days" (
	"slot" timestamp with time zone NOT NULL,
	"series" uuid NOT NULL,
	"mechanism" text NOT NULL,
	"requests" bigint NOT NULL,
	"saved_nano_usd" bigint NOT NULL,
	"input_tokens" bigint NOT NULL,
	"output_tokens" bigint NOT NULL,
	"unknown_requests" bigint NOT NULL,
	CONSTRAINT "savings_days_slot_series_mechanism_pk" PRIMARY KEY("slot","series","mechanism")
);
--> statement-breakpoint
CREATE TABLE "savings_slots" (
	"slot" timestamp with time zone NOT NULL,
	"series" uuid NOT NULL,
	"mechanism" text NOT NULL,
	"requests" bigint NOT NULL,
	"saved_nano_usd" bigint NOT NULL,
	"input_tokens" bigint NOT NULL,
	"output_tokens" bigint NOT NULL,
	"unknown_requests" bigint NOT NULL,
	CONSTRAINT "savings_slots_slot_series_mechanism_pk" PRIMARY KEY("slot","series","mechanism")
);
--> statement-breakpoint
ALTER TABLE "traces" ADD COLUMN "savings" json;--> statement-breakpoint
-- A partition that somebody detached has the column too, since it may be attached again.
DO $$
DECLARE
	loose regclass;
BEGIN
	FOR loose IN SELECT "oid" FROM "pg_class" WHERE "relnamespace" = (
			SELECT "relnamespace" FROM "pg_class" WHERE "oid" = 'traces'::regclass
		) AND "relname" ~ '^traces_[0-9a-f]{16}(_[0-9]{8})?$' AND "relkind" IN ('r', 'p') AND NOT "relispartition"
	LOOP
		EXECUTE format('ALTER TABLE %s ADD COLUMN IF NOT EXISTS "savings" json', loose);
	END LOOP;
END
$$;
