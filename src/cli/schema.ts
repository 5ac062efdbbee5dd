import { Argument, Command } from 'commander';
import { SCHEMAS, jsonSchema } from '../flow/documents/json-schema.js';
import { guarded, printJson } from './output.js';

/** `hookline schema`: prints a document's JSON Schema. Contract D1. */
export function schemaCommand(): Command {
  return new Command('schema')
    .description('print the JSON Schema of a document, for editors and checks, or of the flow end')
    .addArgument(new Argument('[document]', 'which document').choices(SCHEMAS).default('flow'))
    .action(
      guarded(async (name: (typeof SCHEMAS)[number]) => {
        printJson(jsonSchema(name));
        return 0;
      }),
    );
}
