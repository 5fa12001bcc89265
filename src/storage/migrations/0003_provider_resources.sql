CREATE TABLE "provider_resources" (
	"provider" text NOT NULL,
	"id" text NOT NULL,
	"kind" text NOT NULL,
	"project" text NOT NULL,
	"key_id" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "provider_resources_provider_id_pk" PRIMARY KEY("provider","id")
);
--> statement-breakpoint
CREATE INDEX "provider_resources_of" ON "provider_resources" USING btree ("project","kind","created_at","id");--> statement-breakpoint
CREATE INDEX "provider_resources_id" ON "provider_resources" USING btree ("id");