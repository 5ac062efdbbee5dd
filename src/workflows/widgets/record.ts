import type { WidgetOf } from '../../flow/widgets/index.js';
import type { WidgetRun } from '../widget-context.js';

export const record: WidgetRun<WidgetOf<'record'>> = async () => 'next';
