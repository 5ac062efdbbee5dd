/**
 * Finds comparisons that RFC 9535 does not have and json-p3 lets pass, to mean something that nobody expects. Contract R4.
 * @module
 */
import { jsonpath, type JSONPathQuery, type Token } from 'json-p3';

type Expression = InstanceType<typeof jsonpath.expressions.LogicalExpression>['expression'];

const { FilterQuery, FunctionExtension, InfixExpression, LogicalExpression, PrefixExpression } = jsonpath.expressions;

/** Where a query compares what is only true or false, as `!@.a == 1` and `(@.a == 1) == (@.b == 1)` do, if it does. */
export function comparedLogic(query: JSONPathQuery): Token | undefined {
  for (const { selectors } of query.segments) {
    for (const selector of selectors) {
      const found =
        selector instanceof jsonpath.selectors.FilterSelector ? inExpression(selector.expression) : undefined;
      if (found) return found;
    }
  }
  return undefined;
}

function inExpression(expression: Expression): Token | undefined {
  if (expression instanceof LogicalExpression) return inExpression(expression.expression);
  if (expression instanceof PrefixExpression) return inExpression(expression.right);
  if (expression instanceof FilterQuery) return comparedLogic(expression.path);
  if (expression instanceof FunctionExtension) return firstIn(expression.args);
  if (!(expression instanceof InfixExpression)) return undefined;
  const sides = [expression.left, expression.right];
  const logic = (side: Expression) => side instanceof InfixExpression || side instanceof PrefixExpression;
  if (!expression.logical && sides.some(logic)) return expression.token;
  return firstIn(sides);
}

function firstIn(expressions: Expression[]): Token | undefined {
  for (const expression of expressions) {
    const found = inExpression(expression);
    if (found) return found;
  }
  return undefined;
}
