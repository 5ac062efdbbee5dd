/**
 * The second dialect of JSON paths: jsonpath-plus, for its parent `^` and property-name `~` operators. Contract R4.
 * @module
 */
import { JSONPath } from 'jsonpath-plus';
import { type Budget } from './budget.js';
import { JsonNumber, type JsonTree } from './json-text.js';

/** What jsonpath-plus reads without guessing; it takes any text, and what it does not understand just finds nothing. */
const STEPS: readonly RegExp[] = [
  /\.\.?(?:\*|[^\s.[\]^~'"()?@,:;#$*%`-][^\s.[\]^~'"()?@,;#$*%`]*)/y,
  /\.\.?@(?:null|boolean|number|string|integer|scalar|array|object)\(\)/y,
  /(?:\.\.)?\[(?:\*|\d+|-?\d*:-?\d*(?::[1-9]\d*)?|[\w-]+(?:,[\w-]+)+)\]/y,
  /(?:\.\.)?\['(?![*$@`]|-?\d*:)[^'"[\]^(),;?#%`~]+'\]/y,
  /(?:\.\.)?\["(?![*$@`]|-?\d*:)[^'"[\]^(),;?#%`~]+"\]/y,
  /\^/y,
  /~$/y,
];

const HINTS: readonly [RegExp, string][] = [
  [/^(?:\.\.)?\[\s*(?:\?|\()/, 'script evaluation is off, so filters and scripts are not available in this dialect'],
  [/^(?:\.\.)?\[-\d+\]/, 'this dialect finds nothing at a negative index; write a slice, [-1:]'],
  [/^(?:\.\.)?\[['"][^\]]*['"]\s*,/, 'this dialect takes several names without quotes only, [a,b]'],
  [/^~/, '"~" can only stand at the end'],
];

/** What is wrong with a path, or undefined. Contract R4: a path that does not parse is refused, never silently wrong. */
export function checkPlusPath(path: string): string | undefined {
  if (!/^data(?![^.[^~])/.test(path)) return '"data", which stands for the whole body, was expected at character 1';
  let at = 'data'.length;
  while (at < path.length) {
    const length = stepLength(path, at);
    if (length === 0) {
      const rest = path.slice(at);
      const hint = HINTS.find(([form]) => form.test(rest))?.[1] ?? 'a name, an index, a slice, *, ^ or ~ was expected';
      return `${hint} at character ${at + 1}`;
    }
    at += length;
  }
  return undefined;
}

function stepLength(path: string, at: number): number {
  for (const step of STEPS) {
    step.lastIndex = at;
    const found = step.exec(path);
    if (found) return found[0].length;
  }
  return 0;
}

type Plain = string | number | boolean | null | object;

interface Match {
  value: unknown;
  parent: object | null;
  parentProperty: string | number | null;
}

/** A body as jsonpath-plus wants it, made once for all rows. */
export class PlusDocument {
  private readonly sources = new WeakMap<object, JsonTree[] | Map<string, JsonTree>>();
  private readonly plain: Plain;

  constructor(
    private readonly root: JsonTree,
    budget: Budget,
  ) {
    // The library has no limit of its own: every value that it looks at is counted here.
    const counted: ProxyHandler<object> = {
      get: (target, key) => {
        budget.spend(1);
        return Reflect.get(target, key) as unknown;
      },
    };
    this.plain = this.plainOf(root, counted);
  }

  /** The values that a path finds. Script evaluation is off. Contract R4. */
  find(path: string): JsonTree[] {
    // jsonpath-plus looks into no body that is false, 0, null or "".
    if (path === 'data') return [this.root];
    const matches = JSONPath<Match[] | undefined>({
      path: `$${path.slice('data'.length)}`,
      json: this.plain,
      resultType: 'all',
      eval: false,
    });
    return (matches ?? []).flatMap((match) => this.sourceOf(match));
  }

  private plainOf(tree: JsonTree, counted: ProxyHandler<object>): Plain {
    if (tree instanceof JsonNumber) return Number(tree.text);
    if (tree === null || typeof tree !== 'object') return tree;
    const plain = Array.isArray(tree)
      ? tree.map((item) => this.plainOf(item, counted))
      : Object.assign(Object.create(null) as object, this.members(tree, counted));
    const proxy = new Proxy(plain, counted);
    this.sources.set(proxy, tree);
    return proxy;
  }

  private members(tree: Map<string, JsonTree>, counted: ProxyHandler<object>): object {
    // Without a prototype `__proto__` is a key like any other.
    const members = Object.create(null) as Record<string, Plain>;
    for (const [key, item] of tree) members[key] = this.plainOf(item, counted);
    return members;
  }

  /** The value with the digits of its source; a property name (`~`) stands for itself. */
  private sourceOf({ value, parent, parentProperty }: Match): JsonTree[] {
    if (value !== null && typeof value === 'object') {
      const source = this.sources.get(value);
      return source === undefined ? [] : [source];
    }
    const holder = parent === null || parentProperty === null ? undefined : this.sources.get(parent);
    if (Array.isArray(holder)) return holder.slice(Number(parentProperty), Number(parentProperty) + 1);
    if (holder !== undefined) return [holder.get(String(parentProperty)) ?? null];
    return value === null || value === undefined ? [] : [String(value)];
  }
}
