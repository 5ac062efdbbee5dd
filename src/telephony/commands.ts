/**
 * The commands that the engine gives to a bridge. Contract B3, B4. Types only: a bridge in any language sees the same JSON.
 * @module
 */

/** How a prompt is spoken; what is left out is the bridge's own. Contract D2d. */
interface Style {
  /** A tag of BCP 47. */
  language?: string;
  voice?: string;
}

/**
 * Something to be heard: a text to speak or a file to play. Variables are already replaced. Beside SSML and a spoken form stands the
 * plain `text` that says the same, for bridges that do not know them. Contract D2d.
 */
export type Prompt = Style & (Spoken | { file: string });

/** A text, and what it says more exactly: SSML, or one value in the way of its language. */
interface Spoken {
  text: string;
  /** A whole document. */
  ssml?: string;
  /** Spoken one by one. */
  digits?: string;
  number?: string;
  amount?: string;
  /** Three letters of ISO 4217, beside `amount`. */
  currency?: string;
  /** `2026-12-01`. */
  date?: string;
  /** `17:30`. */
  time?: string;
}

/** What each type of command says beside the fields that all have. */
export interface CommandFields {
  /** Answers the leg; on a leg that is connected already it completes at once. */
  answer: {
    /**
     * From the answer on, everything that is said to the party and by it is recorded under this name, until the leg ends; then
     * `recordingReady` has its URL. What commands with `sensitive` say and gather is left out. One that is under way goes on.
     */
    record?: { name: string };
  };
  /** Plays prompts one after the other; completes when the last has been heard, or a key cut them. */
  play: {
    prompts: Prompt[];
    /** Whether a key ends the prompts; left out: no. It stays pressed: a later `collect` with `keepDigits` has it. */
    bargeIn?: boolean;
    /**
     * The call waits for something else meanwhile, whose arrival may end the prompts by a `stop`. Never in a sequence. Left out:
     * the call waits for the prompts alone. Contract H6, H7.
     */
    waiting?: true;
  };
  /** Plays prompts, then gathers digits. Times in seconds; a digit cuts the prompt. */
  collect: {
    prompts: Prompt[];
    min: number;
    max: number;
    /** The key that ends the input, `''` for none. */
    terminator: string;
    firstDigitTimeout: number;
    interDigitTimeout: number;
    /** Whether digits pressed before this command count. */
    keepDigits: boolean;
  };
  /**
   * Records the party. Completes when the recording has ended: by the terminator, after silence, or at its full length.
   * The event `recordingReady` with the same `name` has its URL, also when the leg is gone by then.
   */
  record: {
    /** Unique in the call. */
    name: string;
    maxSeconds: number;
    /** Seconds of silence that end it. */
    silenceSeconds: number;
    /** The key that ends it, `''` for none. */
    terminator: string;
    beep: boolean;
  };
  /**
   * Makes the command's leg by ringing `to`; completes when it is answered. BUSY, NO_ANSWER, REJECTED or UNREACHABLE say
   * why it is not. A `hangUp` on the leg ends the ringing.
   */
  dial: {
    to: string;
    /** The number shown to the party. */
    from: string;
    ringSeconds: number;
    /** What the leg `heardBy` hears until the answer: a ringing tone, the network of the party, or the hold tune. */
    whileRinging: 'ring' | 'earlyMedia' | 'hold';
    heardBy?: string;
    /** Whether it is found out who answers: `legAnswered` then says `by`, and comes, as the result does, once that is known. */
    detectMachine?: boolean;
    /** With `detectMachine`: a machine counts as found once its greeting and its beep are over, after 30 s at most. */
    waitForBeep?: boolean;
    /** As that of `answer`. */
    record?: { name: string };
  };
  /** Lets the command's leg and the leg `with` hear each other; completes at once. It ends when one of the legs does. */
  join: {
    with: string;
    /** Records the conversation under this name; `recordingReady` has its URL. */
    record?: { name: string };
  };
  /**
   * Hands the leg's party over to `to`, or to the party of the leg `with`; completes when the bridge carries neither any
   * more, after their `legEnded` (`by`: `us`). Refused as `dial` is; the leg then stays.
   */
  transfer: { to: string; from: string; ringSeconds: number } | { with: string };
  /** Starts the hold tune and completes as soon as it plays. It ends with the next media command, `join`, `transfer` or `stop`. */
  hold: { tune?: string };
  /** Stops what plays on the leg. */
  stop: object;
  /** Ends the leg with a Q.850 cause. */
  hangUp: { cause: number };
  /** Asks whether the leg is there. */
  status: object;
  /**
   * Asks a node that is watched as a whole for its epoch: `leg` and `callId` are empty. Completes at once, however much the
   * node carries, and its result is kept nowhere. Contract B8.
   */
  watch: object;
  /**
   * Several commands in one, for a bridge that says `can: ["sequence"]` in its starts: carried out in order, up to the first
   * that is not done. Completes with the result of each that was begun. Contract B7.
   */
  sequence: { commands: ListedCommand[] };
}

/** The name of a command. */
export type CommandType = keyof CommandFields;

/** Commands that play or gather something: at most one is outstanding on a leg, and each replaces a hold. Contract B3, H2. */
export type MediaCommandType = 'play' | 'collect' | 'record';

/** One command, as the bridge's `bridgeCommand` activity gets it. */
export type BridgeCommand = {
  [T in CommandType]: {
    /** `<workflow id>/<n>`: a repeated one gives its first result and acts once. */
    commandId: string;
    /** Rises with each command on a leg; one lower than the highest seen does nothing. */
    seq: number;
    /** The leg, `"1"` for the one the call began with. */
    leg: string;
    /** The bridge's own id of the call. */
    callId: string;
    /** The widget on whose behalf the command is given, null when no widget asked for it. */
    widget: string | null;
    type: T;
    /**
     * What the command says, gathers or dials is sensitive: it belongs into no log and no recording of the bridge. Left out
     * where it is not. Contract V7.
     */
    sensitive?: true;
  } & CommandFields[T];
}[CommandType];

/** Commands that may stand in a sequence: no other waits for something that is not known when the list is made. Contract B7. */
export type ListedType = 'answer' | 'play' | 'collect' | 'hangUp';
/** The most commands of a sequence. Contract B7. */
export const MAX_LISTED = 16;
/** A command of a sequence. Each has its own `commandId` and `seq`, and all that is said of commands is said of it. Contract B7. */
export type ListedCommand = Extract<BridgeCommand, { type: ListedType }> & {
  /** Widgets without a command that the call goes through before this one, in order; left out: none. */
  passed?: string[];
};

/** What a bridge answers to a command. `at` is the bridge's time (ISO 8601) of what it did. */
export type CommandResult =
  | {
      result: 'done';
      at?: string;
      digits?: string;
      ended?: 'complete' | 'noInput' | 'timeout' | 'silence';
      /** Of `watch`: new whenever the node has lost its calls. */
      epoch?: string;
      /** Of `sequence`: one for each command that was begun, in order; only the last may be another than done. */
      results?: ListedResult[];
    }
  | { result: 'legGone'; at?: string }
  | { result: 'superseded'; at?: string };

/** What came of a command of a sequence: its result, with `at`, or the error that it would have raised alone. Contract B7. */
export type ListedResult = CommandResult | { error: { type: string; message: string } };

/** The types of the errors that a bridge may raise (`ApplicationFailure.type`). Contract B4. */
export const BRIDGE_ERRORS = [
  'LEG_UNKNOWN',
  'NOT_SUPPORTED',
  'MEDIA_FAILED',
  'BUSY',
  'NO_ANSWER',
  'REJECTED',
  'UNREACHABLE',
] as const;
/** One of {@link BRIDGE_ERRORS}. */
export type BridgeErrorType = (typeof BRIDGE_ERRORS)[number];

/** The activity that a bridge offers on its task queue. */
export type BridgeActivities = {
  bridgeCommand(command: BridgeCommand): Promise<CommandResult>;
};
