/**
 * How a widget fails in a way that the flow language provides for.
 * @module
 */

/**
 * A widget cannot do what it is for. The interpreter catches it: the timeline gets a note, and the widget leaves by its
 * `failure` line, or ends the flow where that line is left out. Contract C4.
 */
export class DeclaredFailure extends Error {
  override readonly name: string = 'DeclaredFailure';

  /** The failure as the timeline notes it, without the widget's key. */
  get note(): string {
    return this.message;
  }
}
