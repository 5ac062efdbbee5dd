/**
 * The payload of the flow end, as its receiver gets it. Contract E3, E4.
 * @module
 */
import * as z from 'zod';

const moment = 'ISO 8601 with milliseconds and the offset of the account’s zone.';

const leg = z
  .object({
    calleeNumber: z.string().describe('The number of the other party.'),
    calleeType: z
      .enum(['VISITOR', 'AGENT'])
      .optional()
      .describe(
        '`VISITOR`: the leg that the call began with; `AGENT`: one that the flow dialled. Only in calls of two legs.',
      ),
    cdrId: z.string().optional().describe('The id of the leg: `<phonon-uuid>#<n>`. Only in calls of two legs.'),
    connectTime: z.string().optional().describe(`When it was answered; left out where it never was. ${moment}`),
    didNumber: z.string().describe('Our number.'),
    duration: z.string().describe('Milliseconds from the answer to the end; `0` where it was never answered.'),
    endTime: z.string().describe(`When it ended. ${moment}`),
    hangupCause: z.string().describe('The Q.850 cause, a number: `16` is normal clearing.'),
    incoming: z.boolean().optional().describe('Whether the party called us; left out for an agent.'),
    remoteHangup: z.boolean().optional().describe('Whether the party hung up. Only in calls of two legs.'),
    startTime: z.string().describe(`When it began. ${moment}`),
  })
  .describe('One leg.');

/** The body of the flow-end webhook. */
export const flowEnd = z
  .object({
    callDetails: z.array(leg).describe('The legs of the call, in the order in which they began.'),
    keys: z
      .array(
        z.object({
          name: z.string().describe('The full name of the variable, such as `$flow.key.order`.'),
          value: z.string().describe('Its value at the end; `***` where it is sensitive.'),
        }),
      )
      .describe('Every `$flow.key` and `$user.key` that has a value, in the order in which they were first set.'),
    partial: z
      .literal(true)
      .optional()
      .describe(
        'The call was ended from outside, and its variables can no longer be read: those of its start stand here.',
      ),
    'phonon-uuid': z.string().optional().describe('The UUID of the call.'),
    recordingUrls: z
      .array(
        z.object({
          recordedFileName: z.string().describe('The name of the recording.'),
          recordedFilePublicPath: z.string().describe('Its URL.'),
        }),
      )
      .optional()
      .describe('The recordings, where there are any.'),
  })
  .describe('The flow end of a call.');
