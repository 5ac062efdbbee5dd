import type { WidgetOf } from '../../flow/widgets/index.js';
import type { WidgetRun } from '../widget-context.js';

export const subflow: WidgetRun<WidgetOf<'subflow'>> = async () => 'next';
