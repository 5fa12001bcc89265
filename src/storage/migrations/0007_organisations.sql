CREATE TABLE "organisation_projects" (
	"project" text PRIMARY KEY NOT NULL,
	"organisation" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "organisations" (
	"name" text PRIMARY KEY NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "organisation_projects" ADD CONSTRAINT "organisation_projects_organisation_organisations_name_fk" FOREIGN KEY ("organisation") REFERENCES "public"."organisations"("name") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "api_keys_created" ON "api_keys" USING btree ("created_at","id");