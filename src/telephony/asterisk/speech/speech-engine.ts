/**
 * Text to speech: an engine gives the sound of a text, in any format that sox reads.
 * @module
 */
import { request } from 'undici';
import { piped } from './process.js';

/** How a text is to be spoken; what is left out is the engine's own. */
export interface SpeechStyle {
  voice?: string | undefined;
  /** BCP 47. */
  language?: string | undefined;
  /** The same text as a document of SSML, where there is one. */
  ssml?: string | undefined;
}

/** Speaks texts. */
export interface SpeechEngine {
  /** Part of the names of files in the cache: another engine or setting speaks otherwise. */
  readonly id: string;
  speak(text: string, style: SpeechStyle): Promise<Buffer>;
}

/** The offline engine: texts on standard input, sound on standard output. */
export const ESPEAK: readonly string[] = [
  ...['espeak-ng', '--stdin', '--stdout', '-b', '1', '-s', '150', '-v', '{voice}', '{ssml:-m}'],
];
/** Milliseconds that an engine over HTTP may take. */
const HTTP_MS = 20_000;

/**
 * A program: it reads the text and writes the sound. `{voice}` and `{language}` among its arguments are replaced; `{voice}` is the
 * language where no voice is given, and `en` without either. A value can begin with no dash. With an argument such as `{ssml:-m}` it reads
 * SSML too: then `-m` stands there, and nothing for plain text. Where it knows no language by its tag, such as `hi-IN`, it is asked for `hi`.
 */
export function commandEngine(command: readonly string[]): SpeechEngine {
  return {
    id: JSON.stringify(command),
    async speak(text, { voice, language, ssml }) {
      const flag = command.flatMap((part) => /^\{ssml:(.*)\}$/.exec(part)?.[1] ?? [])[0];
      const asSsml = ssml !== undefined && flag !== undefined;
      const spoken = (tag: string | undefined) => {
        const values: Record<string, string> = { '{voice}': voice ?? tag ?? 'en', '{language}': tag ?? 'en' };
        const filled = command.flatMap((part) => {
          if (part.startsWith('{ssml:')) return asSsml ? [flag] : [];
          return [Object.hasOwn(values, part) ? (values[part] ?? '').replace(/^-+/, '') : part];
        });
        return piped(filled, asSsml ? ssml : text);
      };
      const primary = language?.split('-')[0];
      if (primary === language) return spoken(language);
      return spoken(language).catch(() => spoken(primary));
    },
  };
}

/** An engine over HTTP: `POST` of `{ "text", "voice", "language", "ssml" }`, answered by the sound. */
export function httpEngine(url: string): SpeechEngine {
  return {
    id: url,
    async speak(text, style) {
      const answer = await request(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ text, ...style }),
        signal: AbortSignal.timeout(HTTP_MS),
      });
      const sound = Buffer.from(await answer.body.arrayBuffer());
      if (answer.statusCode !== 200) throw new Error(`the speech engine answered ${answer.statusCode}`);
      return sound;
    },
  };
}
