/**
 * The registry of widget schemas: a new widget is one line here, one in `lines.ts`, and one in the workflow's registry.
 * @module
 */
import * as z from 'zod';
import { agentConnect } from './agentConnect.js';
import { answerCall } from './answerCall.js';
import { awaitAnswer } from './awaitAnswer.js';
import { collectDigits } from './collectDigits.js';
import { counter } from './counter.js';
import { decision } from './decision.js';
import { delay } from './delay.js';
import { email } from './email.js';
import { internalFunction } from './function.js';
import { forEach } from './forEach.js';
import { hangUp } from './hangUp.js';
import { keep } from './keep.js';
import { makeCall } from './makeCall.js';
import { menu } from './menu.js';
import { operation } from './operation.js';
import { play } from './play.js';
import { record } from './record.js';
import { returnWidget } from './return.js';
import { sms } from './sms.js';
import { storeVariable } from './storeVariable.js';
import { subflow } from './subflow.js';
import { timeCondition } from './timeCondition.js';
import { transfer } from './transfer.js';
import { webhook } from './webhook.js';

/** Every widget, told apart by its `type`. */
export const widget = z.discriminatedUnion('type', [
  answerCall,
  play,
  storeVariable,
  operation,
  decision,
  timeCondition,
  delay,
  collectDigits,
  menu,
  record,
  agentConnect,
  makeCall,
  transfer,
  counter,
  forEach,
  subflow,
  returnWidget,
  webhook,
  internalFunction,
  awaitAnswer,
  keep,
  sms,
  email,
  hangUp,
]);

/** A widget as the engine sees it: validated, defaults filled in. */
export type Widget = z.output<typeof widget>;
/** The name of a widget's type. */
export type WidgetType = Widget['type'];
/** The widget of one type. */
export type WidgetOf<T extends WidgetType> = Extract<Widget, { type: T }>;
