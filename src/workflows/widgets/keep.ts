import type { WidgetOf } from '../../flow/widgets/index.js';
import type { WidgetRun } from '../widget-context.js';

/** Takes declared undo back. Contract H10. */
export const keep: WidgetRun<WidgetOf<'keep'>> = async ({ of }, call) => {
  const beside = call.key.slice(0, call.key.lastIndexOf('/') + 1);
  call.state.undos.keep(of?.map((key) => `${beside}${key}`));
  return 'next';
};
