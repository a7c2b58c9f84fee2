#!/usr/bin/env node
// Says in one line what is missing on an older Node, before any newer syntax is loaded.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
	process.stderr.write(`playbill needs Node 20.19 or newer; this is ${process.versions.node}\n`);
	process.exitCode = 1;
} else {
	import('../dist/cli/cli.js').then(
		(cli) => cli.main(),
		(error) => {
			const missing = error.code === 'ERR_MODULE_NOT_FOUND' && String(error.message).includes('dist');
			process.stderr.write(missing ? 'playbill is not built: run `npm install && npm run build` first\n' : `${error.stack}\n`);
			process.exitCode = 1;
		},
	);
}
