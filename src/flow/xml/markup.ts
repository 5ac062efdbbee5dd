/**
 * Follows XML text character by character: where it is, and what may not stand there. Contract T4, R4.
 * @module
 */

/** Where in a document a character stands. */
export type Place = 'text' | 'attribute' | 'cdata' | 'comment' | 'instruction' | 'tag' | 'reference';

/** The text is not XML as we take it; the message quotes nothing of the text. */
export class XmlSyntaxError extends Error {
  override readonly name = 'XmlSyntaxError';
}

/** Deeper nesting than this is refused, so that no document can exhaust the stack. */
export const MAX_DEPTH = 500;

/** What XML 1.0 does not allow as a character, half a surrogate pair included. */
export const FORBIDDEN_CHARACTER = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;
const REFERENCE = /^(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6})$/;

/**
 * Reads a document in one piece or several. It finds what the DOM parser lets pass: a DOCTYPE before any of it is
 * expanded, a bare `&`, references to forbidden characters, `]]>` in text, and nesting that is too deep.
 */
export class XmlMarkup {
  private state: Exclude<Place, 'reference'> | 'open' | 'declaration' | 'close' = 'text';
  private depth = 0;
  private quote = '';
  /** The characters since `<!` or `&`. */
  private word = '';
  private inReference = false;
  /** The last two characters of the same piece, for `-->`, `]]>`, `?>` and `/>`. */
  private tail = '';

  get place(): Place {
    if (this.inReference) return 'reference';
    return this.state === 'open' || this.state === 'declaration' || this.state === 'close' ? 'tag' : this.state;
  }

  read(text: string): void {
    if (FORBIDDEN_CHARACTER.test(text)) throw new XmlSyntaxError('it holds a character that XML does not allow');
    for (const char of text) {
      const before = this.state;
      this.step(char);
      this.tail = this.state === before ? this.tail.slice(-1) + char : '';
    }
  }

  /** Something that ends no markup was put in here, so what came before does not count with what follows. */
  interrupt(): void {
    this.tail = '';
  }

  private step(char: string): void {
    if (this.inReference) return this.reference(char);
    switch (this.state) {
      case 'text':
        if (char === '<') this.state = 'open';
        else if (char === '&') this.startReference();
        else if (char === '>' && this.tail === ']]') throw new XmlSyntaxError('"]]>" stands in text');
        return;
      case 'attribute':
        if (char === this.quote) this.state = 'tag';
        else if (char === '&') this.startReference();
        else if (char === '<') throw new XmlSyntaxError('"<" stands in an attribute value');
        return;
      case 'open':
        return this.open(char);
      case 'declaration':
        return this.declaration(char);
      case 'comment':
        return this.endAt(char, '--');
      case 'cdata':
        return this.endAt(char, ']]');
      case 'instruction':
        return this.endAt(char, '?');
      case 'tag':
      case 'close':
        return this.tag(char);
    }
  }

  private open(char: string): void {
    this.word = '';
    if (char === '!') this.state = 'declaration';
    else if (char === '?') this.state = 'instruction';
    else this.state = char === '/' ? 'close' : 'tag';
  }

  private declaration(char: string): void {
    this.word += char;
    if (this.word === '--') this.state = 'comment';
    else if (this.word === '[CDATA[') this.state = 'cdata';
    else if (!'--'.startsWith(this.word) && !'[CDATA['.startsWith(this.word)) {
      throw new XmlSyntaxError(/^d/i.test(this.word) ? 'it has a DOCTYPE' : 'it has a declaration');
    }
  }

  private endAt(char: string, before: string): void {
    if (char === '>' && this.tail.endsWith(before)) this.state = 'text';
  }

  private tag(char: string): void {
    if (char === '<') throw new XmlSyntaxError('"<" stands in a tag');
    if (this.state === 'tag' && (char === '"' || char === "'")) {
      this.state = 'attribute';
      this.quote = char;
    }
    if (char !== '>') return;
    if (this.state === 'close') this.depth--;
    else if (!this.tail.endsWith('/')) this.depth++;
    if (this.depth > MAX_DEPTH) throw new XmlSyntaxError(`it is nested deeper than ${MAX_DEPTH} elements`);
    this.state = 'text';
  }

  private startReference(): void {
    this.inReference = true;
    this.word = '';
  }

  private reference(char: string): void {
    if (char !== ';') {
      this.word += char;
      if (!/^[#\w]{1,8}$/.test(this.word)) throw new XmlSyntaxError('"&" begins no character or known entity');
      return;
    }
    this.inReference = false;
    if (!REFERENCE.test(this.word)) throw new XmlSyntaxError('it has an entity that XML does not know');
    const code = this.word.startsWith('#x') ? parseInt(this.word.slice(2), 16) : parseInt(this.word.slice(1), 10);
    if (this.word.startsWith('#') && (code > 0x10ffff || FORBIDDEN_CHARACTER.test(String.fromCodePoint(code)))) {
      throw new XmlSyntaxError('it has a reference to a character that XML does not allow');
    }
  }
}
