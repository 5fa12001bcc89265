CREATE TABLE "budgets" (
	"id" text PRIMARY KEY NOT NULL,
	"definition" json NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "quota_spend" (
	"key" text collate "C" NOT NULL,
	"replica" text NOT NULL,
	"ends_at" timestamp with time zone,
	"used" bigint NOT NULL,
	"reserved" bigint NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "quota_spend_key_replica_pk" PRIMARY KEY("key","replica")
);
--> statement-breakpoint
CREATE INDEX "quota_spend_ends_at" ON "quota_spend" USING btree ("ends_at");