import test from 'ava';
import {evaluateExpression, finalize, pythonRepr} from '../../src/jinja/jinja.js';
import {examples} from '../../src/jinja/registry.js';

for (const {kind, name, example} of examples()) {
	test(`the example of ${kind} ${name}`, (t) => {
		t.truthy(example, 'every filter and test has an example');
		const [expression, result] = example!;
		const scope = {resolve: () => undefined};
		t.is(pythonRepr(finalize(evaluateExpression(expression, scope, {rawStrings: true}), scope)), result);
	});
}
