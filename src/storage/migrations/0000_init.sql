CREATE TABLE "api_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"hash" text NOT NULL,
	"hint" text NOT NULL,
	"project" text NOT NULL,
	"user_id" text,
	"models" text[],
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "api_keys_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "provider_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"provider" text NOT NULL,
	"hint" text NOT NULL,
	"sealed" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "revisions" (
	"subject" text PRIMARY KEY NOT NULL,
	"revision" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "settings" (
	"name" text PRIMARY KEY NOT NULL,
	"value" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "traces" (
	"trace_id" text PRIMARY KEY NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"status" text NOT NULL,
	"project" text,
	"key_id" text,
	"user_id" text,
	"conversation_id" text,
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
	"latency_ms" double precision NOT NULL,
	"ttft_ms" double precision,
	"overhead_ms" double precision NOT NULL,
	"error_code" text,
	"error_message" text,
	"error_origin" text,
	"attempts" json,
	"patches" json,
	"verdicts" json,
	"warnings" json,
	"metadata" jsonb,
	"input" json,
	"output" json,
	"feedback" jsonb
);
--> statement-breakpoint
CREATE INDEX "traces_started_at" ON "traces" USING btree ("started_at","trace_id");--> statement-breakpoint
CREATE INDEX "traces_model" ON "traces" USING btree ("model","started_at");--> statement-breakpoint
CREATE INDEX "traces_user" ON "traces" USING btree ("user_id","started_at") WHERE user_id is not null;--> statement-breakpoint
CREATE INDEX "traces_endpoint" ON "traces" USING btree ("endpoint","started_at");--> statement-breakpoint
CREATE INDEX "traces_not_completed" ON "traces" USING btree ("status","started_at") WHERE status <> 'completed';