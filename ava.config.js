// The unit tests: TypeScript run as it stands by tsx. The lab and the semantics tests have commands of their own (package.json).
export default {
	extensions: {ts: 'module'},
	files: ['test/**/*.test.ts'],
	nodeArguments: ['--import=tsx'],
	workerThreads: false,
	timeout: '2m',
};
