/** The parts of the xpath package that we use; its own types have none of them, and pull in the browser's. */
declare module 'xpath' {
  // eslint-disable-next-line @typescript-eslint/consistent-type-imports -- a relative import statement cannot stand here
  type XmlNode = import('../xml/model.js').XmlNode;

  interface Value {
    toString(): string;
  }

  export interface Expression {
    evaluate(options: {
      node: XmlNode;
      namespaces: (prefix: string) => string;
      allowAnyNamespaceForNoPrefix: boolean;
    }): Value;
  }

  export interface XNodeSet extends Value {
    nodes: XmlNode[];
    size: number;
    addArray(nodes: XmlNode[]): void;
    first(): XmlNode | null;
    toArray(): XmlNode[];
    stringForNode(node: XmlNode): string;
    number(): XNumber;
    numberValue(): number;
  }

  export interface XNumber extends Value {
    numberValue(): number;
  }

  const library: {
    parse(path: string): Expression;
    XNodeSet: { new (): XNodeSet; readonly prototype: XNodeSet };
    XNumber: { new (text: string): XNumber };
    PathExpr: { applyStep: (step: { axis: number }, context: object, node: XmlNode) => XmlNode[] };
    Step: { ATTRIBUTE: number };
  };
  export default library;
}
