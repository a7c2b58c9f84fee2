// A process for each file of tests. `npx ava FILE` compiles what it loads; `npm test` has bundled each file beforehand, which halves what they take.
const isBundled = process.env.PLAYBILL_BUNDLED !== undefined;

export default {
	extensions: isBundled ? ['js'] : {ts: 'module'},
	files: [isBundled ? '.cache/unit/test/**/*.test.js' : 'test/**/*.test.ts'],
	nodeArguments: isBundled ? [] : ['--import=tsx'],
	workerThreads: false,
	timeout: '4m',
};
