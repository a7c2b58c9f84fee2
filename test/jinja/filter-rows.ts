import test from 'ava';
import {evaluateExpression, finalize, pythonRepr, TemplateError, type Value} from '../../src/jinja/jinja.js';

/** An expression and the Python text of what ansible-core 2.21 gives for it; without one, a filter or test in it fails. */
export type Row = readonly [expression: string, result?: string];

/** Runs a table of rows with some variables. */
export function testRows(rows: readonly Row[], variables: Readonly<Record<string, Value>> = {}): void {
	for (const [expression, result] of rows) {
		test(`${expression} ${result === undefined ? 'fails' : `= ${result}`}`, (t) => {
			const scope = {resolve: (name: string) => (Object.hasOwn(variables, name) ? variables[name] : undefined)};
			const evaluate = () => pythonRepr(finalize(evaluateExpression(expression, scope), scope));
			if (result !== undefined) {
				t.is(evaluate(), result);
				return;
			}
			const error = t.throws(evaluate, {instanceOf: TemplateError});
			t.regex(error.message, /^The (?:filter|test) plugin '[\w.]+' failed: /);
			t.notRegex(error.message, /\bundefined\b|\[object |\bNaN\b/);
		});
	}
}
