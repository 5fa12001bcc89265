CREATE TABLE "usage_days" (
	"slot" timestamp with time zone NOT NULL,
	"series" uuid NOT NULL,
	"requests" bigint NOT NULL,
	"input_tokens" bigint,
	"output_tokens" bigint,
	"cache_read_input_tokens" bigint,
	"cache_creation_input_tokens" bigint,
	"reasoning_output_tokens" bigint,
	"cost_nano_usd" bigint NOT NULL,
	"cost_assumed_nano_usd" bigint NOT NULL,
	"cost_unknown_requests" bigint NOT NULL,
	CONSTRAINT "usage_days_slot_series_pk" PRIMARY KEY("slot","series")
);
--> statement-breakpoint
CREATE TABLE "usage_series" (
	"id" uuid PRIMARY KEY NOT NULL,
	"scope" text NOT NULL,
	"organisation" text,
	"project" text,
	"key_id" text,
	"user_id" text,
	"endpoint" text NOT NULL,
	"model" text,
	"virtual_model" text,
	"target" text,
	"status" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "usage_slots" (
	"slot" timestamp with time zone NOT NULL,
	"series" uuid NOT NULL,
	"requests" bigint NOT NULL,
	"input_tokens" bigint,
	"output_tokens" bigint,
	"cache_read_input_tokens" bigint,
	"cache_creation_input_tokens" bigint,
	"reasoning_output_tokens" bigint,
	"cost_nano_usd" bigint NOT NULL,
	"cost_assumed_nano_usd" bigint NOT NULL,
	"cost_unknown_requests" bigint NOT NULL,
	CONSTRAINT "usage_slots_slot_series_pk" PRIMARY KEY("slot","series")
);
--> statement-breakpoint
ALTER TABLE "traces" ADD COLUMN "organisation" text;--> statement-breakpoint
ALTER TABLE "traces" ADD COLUMN "rolled_up" boolean DEFAULT false NOT NULL;--> statement-breakpoint
-- The sum of two counts; one that neither has stays null. What no bigint could hold stays at the most that it holds.
CREATE FUNCTION "usage_sum"(a bigint, b bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN a IS NULL OR b IS NULL THEN coalesce(a, b) ELSE least(a, 9000000000000000000 - b) + b END
$$;--> statement-breakpoint
-- A number of JSON as a count; what is no number is null, and a wild one stays within bounds.
CREATE FUNCTION "usage_count"(value json) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN json_typeof(value) = 'number'
		THEN round(least(greatest((value #>> '{}')::numeric, 0), 1000000000000000))::bigint END
$$;--> statement-breakpoint
-- The id of a series: its parts with their lengths, so that no two combinations read the same.
CREATE FUNCTION "usage_series_id"(VARIADIC parts text[]) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
	SELECT encode(substr(sha256(convert_to(string_agg(
		coalesce(octet_length(convert_to(part, 'UTF8')) || ':' || part, '-'), '' ORDER BY at), 'UTF8')), 1, 16), 'hex')::uuid
	FROM unnest(parts) WITH ORDINALITY AS p(part, at)
$$;--> statement-breakpoint
-- What one request adds to which series: by scope and target, sums in the order of the columns of usage_slots.
-- A request without attempts, or whose attempts could not be stored, counts as one of its own target.
CREATE FUNCTION "usage_shares"(attempts json, request_target text, cost_known boolean, request_sums bigint[])
RETURNS TABLE ("scope" text, "target" text, "sums" bigint[]) LANGUAGE sql IMMUTABLE AS $$
	WITH "attempt" AS (
		SELECT coalesce(a ->> 'target', $2) AS "at", a AS "facts"
		FROM json_array_elements(CASE WHEN json_typeof($1) = 'array' THEN $1 END) AS a
	), "part" AS (
		SELECT "at", ARRAY[
			1,
			sum(usage_count("facts" -> 'usage' -> 'inputTokens')),
			sum(usage_count("facts" -> 'usage' -> 'outputTokens')),
			sum(usage_count("facts" -> 'usage' -> 'cacheReadInputTokens')),
			sum(usage_count("facts" -> 'usage' -> 'cacheCreationInputTokens')),
			sum(usage_count("facts" -> 'usage' -> 'reasoningOutputTokens')),
			coalesce(sum(usage_count("facts" -> 'costNanoUsd')), 0),
			coalesce(sum(usage_count("facts" -> 'costNanoUsd')) FILTER (WHERE "facts" ->> 'usageSource' = 'assumed'), 0),
			(NOT $3 AND bool_or("facts" ->> 'costNanoUsd' IS NULL))::int
		]::bigint[] AS "summed"
		FROM "attempt" GROUP BY "at"
		UNION ALL SELECT $2, $4 WHERE NOT EXISTS (SELECT FROM "attempt")
	), "all" AS (
		SELECT count(*) = 1 AND bool_and("at" IS NOT DISTINCT FROM $2 AND "summed" IS NOT DISTINCT FROM $4) AS "alike"
		FROM "part"
	)
	SELECT CASE WHEN "alike" THEN 'both' ELSE 'request' END, $2, $4 FROM "all"
	UNION ALL SELECT 'attempt', "at", "summed" FROM "part", "all" WHERE NOT "alike"
$$;--> statement-breakpoint
-- Adds traces to the sums of usage. Every trace must be added once.
CREATE FUNCTION "usage_roll_up"(ids text[]) RETURNS void LANGUAGE sql AS $$
	WITH "share" AS MATERIALIZED (
		SELECT usage_series_id(s."scope", t."organisation", t."project", t."key_id", t."user_id", t."endpoint", t."model",
				t."virtual_model", s."target", t."status") AS "series",
			date_bin('15 minutes', t."started_at", 'epoch') AS "slot", s."scope", t."organisation", t."project", t."key_id",
			t."user_id", t."endpoint", t."model", t."virtual_model", s."target", t."status", s."sums"
		FROM "traces" AS t CROSS JOIN LATERAL usage_shares(t."attempts", t."target", t."cost_known", ARRAY[1,
			t."input_tokens", t."output_tokens", t."cache_read_input_tokens", t."cache_creation_input_tokens",
			t."reasoning_output_tokens", t."cost_nano_usd", t."cost_assumed_nano_usd", (NOT t."cost_known")::int]) AS s
		WHERE t."trace_id" = ANY (ids)
	), "summed" AS MATERIALIZED (
		SELECT "slot", "series", sum("sums"[1]) AS "n1", sum("sums"[2]) AS "n2", sum("sums"[3]) AS "n3",
			sum("sums"[4]) AS "n4", sum("sums"[5]) AS "n5", sum("sums"[6]) AS "n6", sum("sums"[7]) AS "n7",
			sum("sums"[8]) AS "n8", sum("sums"[9]) AS "n9"
		FROM "share" GROUP BY "slot", "series"
	), "named" AS (
		INSERT INTO "usage_series"
		SELECT DISTINCT ON ("series") "series", "scope", "organisation", "project", "key_id", "user_id", "endpoint",
			"model", "virtual_model", "target", "status"
		FROM "share" ORDER BY "series" ON CONFLICT DO NOTHING
	), "by_day" AS (
		INSERT INTO "usage_days" AS u
		SELECT date_bin('1 day', "slot", 'epoch') AS "day", "series", sum("n1"), sum("n2"), sum("n3"), sum("n4"), sum("n5"),
			sum("n6"), sum("n7"), sum("n8"), sum("n9")
		FROM "summed" GROUP BY "day", "series" ORDER BY "day", "series"
		ON CONFLICT ("slot", "series") DO UPDATE SET
			"requests" = usage_sum(u."requests", excluded."requests"),
			"input_tokens" = usage_sum(u."input_tokens", excluded."input_tokens"),
			"output_tokens" = usage_sum(u."output_tokens", excluded."output_tokens"),
			"cache_read_input_tokens" = usage_sum(u."cache_read_input_tokens", excluded."cache_read_input_tokens"),
			"cache_creation_input_tokens" = usage_sum(u."cache_creation_input_tokens", excluded."cache_creation_input_tokens"),
			"reasoning_output_tokens" = usage_sum(u."reasoning_output_tokens", excluded."reasoning_output_tokens"),
			"cost_nano_usd" = usage_sum(u."cost_nano_usd", excluded."cost_nano_usd"),
			"cost_assumed_nano_usd" = usage_sum(u."cost_assumed_nano_usd", excluded."cost_assumed_nano_usd"),
			"cost_unknown_requests" = usage_sum(u."cost_unknown_requests", excluded."cost_unknown_requests")
	)
	-- First the slots, then the days, each in order, as other writers do: so nobody waits for another crosswise.
	INSERT INTO "usage_slots" AS u SELECT * FROM "summed" ORDER BY "slot", "series"
	ON CONFLICT ("slot", "series") DO UPDATE SET
		"requests" = usage_sum(u."requests", excluded."requests"),
		"input_tokens" = usage_sum(u."input_tokens", excluded."input_tokens"),
		"output_tokens" = usage_sum(u."output_tokens", excluded."output_tokens"),
		"cache_read_input_tokens" = usage_sum(u."cache_read_input_tokens", excluded."cache_read_input_tokens"),
		"cache_creation_input_tokens" = usage_sum(u."cache_creation_input_tokens", excluded."cache_creation_input_tokens"),
		"reasoning_output_tokens" = usage_sum(u."reasoning_output_tokens", excluded."reasoning_output_tokens"),
		"cost_nano_usd" = usage_sum(u."cost_nano_usd", excluded."cost_nano_usd"),
		"cost_assumed_nano_usd" = usage_sum(u."cost_assumed_nano_usd", excluded."cost_assumed_nano_usd"),
		"cost_unknown_requests" = usage_sum(u."cost_unknown_requests", excluded."cost_unknown_requests")
$$;--> statement-breakpoint
-- A replica of an earlier version, which goes on until it is replaced, writes traces and adds nothing.
CREATE FUNCTION "usage_of_earlier_version"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM usage_roll_up(ARRAY[NEW.trace_id]);
	RETURN NULL;
END
$$;--> statement-breakpoint
CREATE TRIGGER "usage_of_earlier_version" AFTER INSERT ON "traces" FOR EACH ROW WHEN (NOT NEW."rolled_up")
EXECUTE FUNCTION "usage_of_earlier_version"();--> statement-breakpoint
-- What is there already, some thousand at a time, and in several statements, since the embedded engine is deaf during each.
CREATE FUNCTION "usage_backfill"(ending text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE ids text[];
BEGIN
	FOR ids IN SELECT array_agg(t."trace_id") FROM (
		SELECT "trace_id", (row_number() OVER () - 1) / 2000 AS "page" FROM "traces" WHERE right("trace_id", 1) = ending
	) AS t GROUP BY t."page"
	LOOP
		PERFORM usage_roll_up(ids);
	END LOOP;
END
$$;--> statement-breakpoint
SELECT usage_backfill('0');--> statement-breakpoint
SELECT usage_backfill('1');--> statement-breakpoint
SELECT usage_backfill('2');--> statement-breakpoint
SELECT usage_backfill('3');--> statement-breakpoint
SELECT usage_backfill('4');--> statement-breakpoint
SELECT usage_backfill('5');--> statement-breakpoint
SELECT usage_backfill('6');--> statement-breakpoint
SELECT usage_backfill('7');--> statement-breakpoint
SELECT usage_backfill('8');--> statement-breakpoint
SELECT usage_backfill('9');--> statement-breakpoint
SELECT usage_backfill('a');--> statement-breakpoint
SELECT usage_backfill('b');--> statement-breakpoint
SELECT usage_backfill('c');--> statement-breakpoint
SELECT usage_backfill('d');--> statement-breakpoint
SELECT usage_backfill('e');--> statement-breakpoint
SELECT usage_backfill('f');--> statement-breakpoint
DROP FUNCTION "usage_backfill";
