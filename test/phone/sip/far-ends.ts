/**
 * The far ends of `hookline bridge check` as phones: the number that is dialled says how one behaves.
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises';
import { SIMULATED_NUMBERS } from '../../../src/telephony/check/far-ends.js';
import { Phone } from './phone.js';
import type { PhoneCall } from './phone-call.js';

const { answers, hangsUp, presses, speaks, busy, noAnswer, rejects, unreachable } = SIMULATED_NUMBERS;

const BEHAVIOUR: Record<string, (call: PhoneCall) => Promise<void> | void> = {
  async [answers](call) {
    call.ring();
    await pause(50);
    call.answer();
  },
  async [hangsUp](call) {
    call.answer();
    await pause(2000);
    if (!call.over.isSet) call.hangUp();
  },
  async [presses](call) {
    call.answer();
    await pause(2000);
    for (const key of '12#') {
      call.line.press(key);
      await pause(1000);
    }
  },
  async [speaks](call) {
    call.line.tone = 500;
    call.answer();
    await pause(6000);
    if (!call.over.isSet) call.hangUp();
  },
  [busy]: (call) => call.refuse('486 Busy Here'),
  [noAnswer]: (call) => call.ring(),
  [rejects]: (call) => call.refuse('603 Decline'),
};

/** Phones that behave as the kit's far ends do; a number of none of them is refused. */
export function farEnds(server: number, more: typeof BEHAVIOUR = {}): Promise<Phone> {
  return Phone.open({
    server,
    user: 'far',
    onCall: (call) =>
      void (more[call.dialled] ?? BEHAVIOUR[call.dialled] ?? ((one) => one.refuse('404 Not Found')))(call),
  });
}

/** The trunks by which a bridge reaches them: nobody is at port 9. */
export function farEndTrunks(phone: Phone) {
  const endpoint = (port: number) => `PJSIP/phones/sip:{number}@127.0.0.1:${port}`;
  return [
    { name: 'nobody', numbers: unreachable, endpoint: endpoint(9) },
    { name: 'far ends', numbers: '.*', endpoint: endpoint(phone.port) },
  ];
}
