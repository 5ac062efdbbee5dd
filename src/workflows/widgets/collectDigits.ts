import type { WidgetOf } from '../../flow/widgets/index.js';
import type { CommandFields } from '../../telephony/commands.js';
import type { WidgetContext, WidgetRun } from '../widget-context.js';

/** Its command of the first attempt. */
export function firstCollect(widget: WidgetOf<'collectDigits'>, call: WidgetContext): CommandFields['collect'] {
  const { min, max, terminator, firstDigitTimeout, interDigitTimeout, keepDigits } = widget;
  return {
    prompts: call.prompts(widget.prompt),
    min,
    max,
    terminator,
    firstDigitTimeout,
    interDigitTimeout,
    keepDigits,
  };
}

/**
 * Asks for digits up to `attempts` times. Contract D2, D6. The last attempt decides: no digit at all is `noInput`,
 * fewer than `min`, or digits that the pattern does not match in whole, are `invalid`.
 */
export const collectDigits: WidgetRun<WidgetOf<'collectDigits'>> = async (widget, call) => {
  const first = firstCollect(widget, call);
  let digits = '';
  for (let attempt = 1; attempt <= widget.attempts; attempt++) {
    const fields = attempt === 1 ? first : { ...first, keepDigits: false };
    digits = (await call.command('collect', fields)).digits ?? '';
    if (
      digits.length >= widget.min &&
      (widget.pattern === undefined || call.state.patterns.fits(widget.pattern, digits))
    ) {
      call.write([[widget.saveIn, digits, widget.sensitive]]);
      return 'next';
    }
  }
  return digits === '' ? 'noInput' : 'invalid';
};
