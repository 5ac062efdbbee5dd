CREATE TABLE "dids" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"number" text NOT NULL,
	"dialled" text,
	"account_id" bigint NOT NULL,
	"flow_id" text NOT NULL,
	"sealed" "bytea",
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "dids_number_unique" UNIQUE("number")
);
--> statement-breakpoint
CREATE INDEX "dids_account_id_id_index" ON "dids" USING btree ("account_id","id");