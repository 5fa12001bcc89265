ALTER TABLE "traces" ADD COLUMN "cost_assumed_nano_usd" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
UPDATE "traces" SET "cost_assumed_nano_usd" = (
	SELECT coalesce(sum(least(greatest(round((attempt ->> 'costNanoUsd')::numeric), 0), 1e15)), 0)
	FROM json_array_elements("traces"."attempts") AS attempt
	WHERE attempt ->> 'usageSource' = 'assumed' AND json_typeof(attempt -> 'costNanoUsd') = 'number'
) WHERE "attempts"::text LIKE '%"assumed"%';
