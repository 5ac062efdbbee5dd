ALTER TABLE "accounts" ALTER COLUMN "document" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "agents" ALTER COLUMN "dialled" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "call_reports" ALTER COLUMN "from" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "call_reports" ALTER COLUMN "to" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "call_reports" ALTER COLUMN "persisted" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "contacts" ALTER COLUMN "variables" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "deliveries" ALTER COLUMN "delivery" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "flow_versions" ALTER COLUMN "document" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "links" ALTER COLUMN "url" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "outbound_calls" ALTER COLUMN "numbers" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "outbound_calls" ALTER COLUMN "variables" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "sealed" "bytea";--> statement-breakpoint
ALTER TABLE "agents" ADD COLUMN "sealed" "bytea";--> statement-breakpoint
ALTER TABLE "call_reports" ADD COLUMN "persisted_hashes" text[];--> statement-breakpoint
ALTER TABLE "call_reports" ADD COLUMN "sealed" "bytea";--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "sealed" "bytea";--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "sealed" "bytea";--> statement-breakpoint
ALTER TABLE "flow_versions" ADD COLUMN "sealed" "bytea";--> statement-breakpoint
ALTER TABLE "idempotent_answers" ADD COLUMN "sealed" "bytea";--> statement-breakpoint
ALTER TABLE "links" ADD COLUMN "sealed" "bytea";--> statement-breakpoint
ALTER TABLE "outbound_calls" ADD COLUMN "sealed" "bytea";