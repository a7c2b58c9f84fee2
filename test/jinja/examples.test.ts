import test from 'ava';
import {evaluateExpression, finalize, pythonRepr} from '../../src/jinja/jinja.js';
import {plugins} from '../../src/jinja/registry.js';

for (const {
	kind,
	name,
	plugin: {example},
} of plugins()) {
	test(`the example of ${kind} ${name}`, (t) => {
		t.truthy(example, 'every filter and test has an example');
		const [expression, result] = example!;
		const scope = {resolve: () => undefined};
		t.is(pythonRepr(finalize(evaluateExpression(expression, scope, {rawStrings: true}), scope)), result);
	});
}
