import type { WidgetOf } from '../../flow/widgets/index.js';
import type { WidgetRun } from '../widget-context.js';

export const counter: WidgetRun<WidgetOf<'counter'>> = async () => 'next';
