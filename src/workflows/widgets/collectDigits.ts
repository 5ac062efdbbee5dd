import type { WidgetOf } from '../../flow/widgets/index.js';
import type { WidgetRun } from '../widget-context.js';

/**
 * Asks for digits up to `attempts` times. Contract D2, D6. The last attempt decides: no digit at all is `noInput`,
 * fewer than `min`, or digits that the pattern does not match in whole, are `invalid`.
 */
export const collectDigits: WidgetRun<WidgetOf<'collectDigits'>> = async (widget, call) => {
  const { min, max, terminator, firstDigitTimeout, interDigitTimeout } = widget;
  const prompts = call.prompts(widget.prompt);
  let digits = '';
  for (let attempt = 1; attempt <= widget.attempts; attempt++) {
    const keepDigits = widget.keepDigits && attempt === 1;
    const fields = { prompts, min, max, terminator, firstDigitTimeout, interDigitTimeout, keepDigits };
    digits = (await call.command('collect', fields)).digits ?? '';
    if (digits.length >= min && (widget.pattern === undefined || call.state.patterns.fits(widget.pattern, digits))) {
      call.write([[widget.saveIn, digits, widget.sensitive]]);
      return 'next';
    }
  }
  return digits === '' ? 'noInput' : 'invalid';
};
