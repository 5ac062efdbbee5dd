ALTER TABLE "contacts" ADD COLUMN "sensitive" text[];--> statement-breakpoint
ALTER TABLE "links" ADD COLUMN "sensitive" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "outbound_calls" ADD COLUMN "sensitive" text[];