/**
 * Values in the words of a language. A local activity: the data of languages may differ between two workers, so the words are kept in
 * the call's history and a replay does not ask again. Contract D2d.
 * @module
 */
import { OperationFault } from '../flow/operation/fault.js';
import { type SpokenForm, type SpokenPrompt, spokenPrompt } from '../flow/time/spoken-forms.js';

/** The values of one widget's prompts, filled in. */
export interface SpokenTask {
  forms: readonly { form: SpokenForm; language?: string | undefined }[];
  /** The account's. */
  timeZone: string;
}

/** One prompt for each form, in order; or which value does not fit: that is a result and no error, for trying again would not help. */
export type SpokenOutcome = { prompts: SpokenPrompt[] } | { fault: string };

/** Says values in words. */
export function speakForms({ forms, timeZone }: SpokenTask): Promise<SpokenOutcome> {
  try {
    return Promise.resolve({ prompts: forms.map(({ form, language }) => spokenPrompt(form, language, timeZone)) });
  } catch (error) {
    if (error instanceof OperationFault) return Promise.resolve({ fault: error.message });
    throw error;
  }
}
