-- Traces become a partitioned table: by retention class, then by the day (UTC) of their start. By hand, since the
-- generator knows no partitions. Replicas of an earlier version cannot write traces from here on.
DROP TRIGGER "usage_of_earlier_version" ON "traces";--> statement-breakpoint
DROP FUNCTION "usage_of_earlier_version"();--> statement-breakpoint
DROP FUNCTION "usage_roll_up"(text[]);--> statement-breakpoint
DROP FUNCTION "usage_series_id"(text[]);--> statement-breakpoint
DROP FUNCTION "usage_sum"(bigint, bigint);--> statement-breakpoint
ALTER TABLE "traces" RENAME TO "traces_before";--> statement-breakpoint
CREATE TABLE "traces" (
	"trace_id" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"retention_class" text DEFAULT '' NOT NULL,
	"status" text NOT NULL,
	"organisation" text,
	"project" text,
	"key_id" text,
	"user_id" text,
	"conversation_id" text,
	"w3c_trace_id" text,
	"parent_span_id" text,
	"endpoint" text NOT NULL,
	"dialect" text NOT NULL,
	"operation" text NOT NULL,
	"model" text,
	"virtual_model" text,
	"response_model" text,
	"target" text,
	"prompt_version" text,
	"streamed" boolean NOT NULL,
	"simulated" boolean NOT NULL,
	"finish_reason" text,
	"cache" text,
	"input_tokens" bigint,
	"output_tokens" bigint,
	"cache_read_input_tokens" bigint,
	"cache_creation_input_tokens" bigint,
	"cache_creation_1h_input_tokens" bigint,
	"reasoning_output_tokens" bigint,
	"cost_nano_usd" bigint NOT NULL,
	"cost_known" boolean NOT NULL,
	"cost_assumed_nano_usd" bigint DEFAULT 0 NOT NULL,
	"latency_ms" double precision NOT NULL,
	"ttft_ms" double precision,
	"inter_token_p95_ms" double precision,
	"overhead_ms" double precision NOT NULL,
	"error_code" text,
	"error_message" text,
	"error_origin" text,
	"attempts" json,
	"spans" json,
	"patches" json,
	"verdicts" json,
	"warnings" json,
	"metadata" jsonb,
	"input" json,
	"output" json,
	"search_text" text,
	"search_grams" integer[]
) PARTITION BY LIST ("retention_class");
--> statement-breakpoint
-- Makes the partition of a day where it is not there yet: traces_<hash of the class>, in it …_<day>. It may be called by
-- any number of writers at once, and hinders nobody who reads or writes: a new table is attached, which waits for no
-- one, where CREATE TABLE … PARTITION OF would wait for everybody. One that somebody detached is attached again.
CREATE FUNCTION "traces_partition"(class text, day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	family text := 'traces_' || left(encode(sha256(convert_to(class, 'UTF8')), 'hex'), 16);
	leaf text := family || '_' || to_char(day, 'YYYYMMDD');
BEGIN
	IF EXISTS (SELECT FROM pg_inherits WHERE inhrelid = to_regclass(leaf)) THEN
		RETURN;
	END IF;
	-- Others who make one wait here.
	LOCK TABLE ONLY "traces" IN SHARE UPDATE EXCLUSIVE MODE;
	IF NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = to_regclass(family)) THEN
		EXECUTE format('CREATE TABLE IF NOT EXISTS %I (LIKE "traces" INCLUDING DEFAULTS INCLUDING STORAGE
			INCLUDING COMPRESSION) PARTITION BY RANGE ("started_at")', family);
		EXECUTE format('COMMENT ON TABLE %I IS %L', family, class);
		EXECUTE format('ALTER TABLE "traces" ATTACH PARTITION %I FOR VALUES IN (%L)', family, class);
	END IF;
	IF NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = to_regclass(leaf)) THEN
		EXECUTE format('CREATE TABLE IF NOT EXISTS %I (LIKE "traces" INCLUDING DEFAULTS INCLUDING STORAGE
			INCLUDING COMPRESSION)', leaf);
		EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', family, leaf,
			to_char(day, 'YYYY-MM-DD') || ' 00:00:00+00', to_char(day + 1, 'YYYY-MM-DD') || ' 00:00:00+00');
	END IF;
END
$$;--> statement-breakpoint
-- What is there already. In several statements, since the embedded engine is deaf during each.
SELECT count(traces_partition('', "day")) FROM (
	SELECT DISTINCT ("started_at" AT TIME ZONE 'UTC')::date AS "day" FROM "traces_before"
) AS "days";--> statement-breakpoint
CREATE FUNCTION "traces_move"(part int) RETURNS void LANGUAGE sql AS $$
	INSERT INTO "traces" ("trace_id", "started_at", "status", "organisation", "project", "key_id", "user_id",
		"conversation_id", "endpoint", "dialect", "operation", "model", "virtual_model", "response_model", "target",
		"prompt_version", "streamed", "simulated", "finish_reason", "cache", "input_tokens", "output_tokens",
		"cache_read_input_tokens", "cache_creation_input_tokens", "cache_creation_1h_input_tokens",
		"reasoning_output_tokens", "cost_nano_usd", "cost_known", "cost_assumed_nano_usd", "latency_ms", "ttft_ms",
		"overhead_ms", "error_code", "error_message", "error_origin", "attempts", "patches", "verdicts", "warnings",
		"metadata", "input", "output")
	SELECT "trace_id", "started_at", "status", "organisation", "project", "key_id", "user_id",
		"conversation_id", "endpoint", "dialect", "operation", "model", "virtual_model", "response_model", "target",
		"prompt_version", "streamed", "simulated", "finish_reason", "cache", "input_tokens", "output_tokens",
		"cache_read_input_tokens", "cache_creation_input_tokens", "cache_creation_1h_input_tokens",
		"reasoning_output_tokens", "cost_nano_usd", "cost_known", "cost_assumed_nano_usd", "latency_ms", "ttft_ms",
		"overhead_ms", "error_code", "error_message", "error_origin", "attempts", "patches", "verdicts", "warnings",
		"metadata", "input", "output"
	FROM "traces_before" WHERE (hashtext("trace_id") & 7) = part
$$;--> statement-breakpoint
SELECT traces_move(0);--> statement-breakpoint
SELECT traces_move(1);--> statement-breakpoint
SELECT traces_move(2);--> statement-breakpoint
SELECT traces_move(3);--> statement-breakpoint
SELECT traces_move(4);--> statement-breakpoint
SELECT traces_move(5);--> statement-breakpoint
SELECT traces_move(6);--> statement-breakpoint
SELECT traces_move(7);--> statement-breakpoint
DROP FUNCTION "traces_move";--> statement-breakpoint
DROP TABLE "traces_before";--> statement-breakpoint
ALTER TABLE "traces" ADD CONSTRAINT "traces_pkey" PRIMARY KEY ("started_at", "trace_id", "retention_class");--> statement-breakpoint
CREATE INDEX "traces_model" ON "traces" USING btree ("model","started_at");--> statement-breakpoint
CREATE INDEX "traces_project" ON "traces" USING btree ("project","started_at");--> statement-breakpoint
CREATE INDEX "traces_user" ON "traces" USING btree ("user_id","started_at") WHERE user_id is not null;--> statement-breakpoint
CREATE INDEX "traces_conversation" ON "traces" USING btree ("conversation_id","started_at") WHERE conversation_id is not null;--> statement-breakpoint
CREATE INDEX "traces_w3c_trace" ON "traces" USING btree ("w3c_trace_id") WHERE w3c_trace_id is not null;--> statement-breakpoint
CREATE INDEX "traces_not_completed" ON "traces" USING btree ("status","started_at") WHERE status <> 'completed';--> statement-breakpoint
CREATE INDEX "traces_metadata" ON "traces" USING gin ("metadata" jsonb_path_ops) WHERE metadata is not null;--> statement-breakpoint
CREATE INDEX "traces_search" ON "traces" USING gin ("search_grams") WHERE search_grams is not null;
