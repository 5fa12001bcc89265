CREATE TABLE "price_rows" (
	"family" text NOT NULL,
	"model" text NOT NULL,
	"from_day" text NOT NULL,
	"source" text NOT NULL,
	"checked" text NOT NULL,
	"rates" json NOT NULL,
	"added_at" timestamp with time zone NOT NULL,
	CONSTRAINT "price_rows_family_model_from_day_pk" PRIMARY KEY("family","model","from_day")
);
