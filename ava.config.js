// The unit tests: TypeScript, a process for each file. `npx ava FILE` compiles it as it is loaded; `npm test` has compiled all before.
const loader = process.env.PLAYBILL_COMPILED ? './scripts/compiled.mjs' : 'tsx';

export default {
	extensions: {ts: 'module'},
	files: ['test/**/*.test.ts'],
	nodeArguments: [`--import=${loader}`],
	workerThreads: false,
	timeout: '4m',
};
