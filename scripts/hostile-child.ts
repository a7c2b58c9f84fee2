/* Evaluates one hostile template, named by its number: hostile.mjs starts it. Prints what it is, then what came of it. */
import {evaluateTemplate, pythonStr, TemplateError, type Value} from '../src/jinja/jinja.js';
import {hostileScope, hostileTemplates} from '../test/jinja/hostile-templates.js';

const sources = Object.values(hostileTemplates).flat();
const asked = process.argv[2];
if (asked === 'count') console.log(sources.length);
else {
	const source = sources[Number(asked)]!;
	console.log(JSON.stringify({source: source.slice(0, 200)}));
	const started = process.cpuUsage();
	let fault: string | undefined;
	try {
		pythonStr(evaluateTemplate(source, hostileScope()) as Value);
	} catch (error) {
		if (!(error instanceof TemplateError)) fault = String(error);
	}
	const {user, system} = process.cpuUsage(started);
	console.log(JSON.stringify({fault, spent: (user + system) / 1000}));
}
