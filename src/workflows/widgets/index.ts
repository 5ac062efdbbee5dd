/**
 * The registry of widget behaviours, one file a widget.
 * @module
 */
import type { Widget, WidgetOf, WidgetType } from '../../flow/widgets/index.js';
import type { WidgetContext, WidgetRun } from '../widget-context.js';
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

const RUNS: { [T in WidgetType]: WidgetRun<WidgetOf<T>> } = {
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
  return: returnWidget,
  webhook,
  function: internalFunction,
  awaitAnswer,
  keep,
  sms,
  email,
  hangUp,
};

/** Runs a widget of any type. */
export function runWidget(widget: Widget, call: WidgetContext): Promise<string | null> {
  return (RUNS[widget.type] as WidgetRun<Widget>)(widget, call);
}
