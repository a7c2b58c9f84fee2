import type {InstallOptions} from './package-manager.js';

/** The options of dnf's command line that a task's arguments mean. */
export function dnfFlags(verb: string, options: InstallOptions): string[] {
	const on = (name: string) => options[name] === true;
	const all = (name: string) =>
		Array.isArray(options[name])
			? (options[name] as unknown[])
					.flatMap((one) => String(one).split(','))
					.map((one) => one.trim())
					.filter(Boolean)
			: [];
	const word = (name: string) => (typeof options[name] === 'string' && options[name] !== '' ? String(options[name]) : undefined);
	const root = word('installroot');
	return [
		...(on('update_cache') ? ['--refresh'] : []),
		...(word('conf_file') ? ['-c', word('conf_file')!] : []),
		...(root && root !== '/' ? [`--installroot=${root}`] : []),
		...(word('releasever') ? [`--releasever=${word('releasever')}`] : []),
		...(word('disable_excludes') ? [`--disableexcludes=${word('disable_excludes')}`] : []),
		...all('disablerepo').map((repository) => `--disablerepo=${repository}`),
		...all('enablerepo').map((repository) => `--enablerepo=${repository}`),
		...all('disable_plugin').map((plugin) => `--disableplugin=${plugin}`),
		...all('enable_plugin').map((plugin) => `--enableplugin=${plugin}`),
		...all('exclude').map((name) => `--exclude=${name}`),
		...(on('disable_gpg_check') ? ['--nogpgcheck'] : []),
		...(options['sslverify'] === false || options['validate_certs'] === false ? ['--setopt=sslverify=0'] : []),
		...(options['install_weak_deps'] === false ? ['--setopt=install_weak_deps=False'] : []),
		...(on('cacheonly') ? ['-C'] : []),
		...(on('skip_broken') ? ['--skip-broken'] : []),
		...(on('nobest') || options['best'] === false ? ['--nobest'] : []),
		...(on('best') || options['nobest'] === false ? ['--best'] : []),
		...(on('allowerasing') ? ['--allowerasing'] : []),
		...(on('security') ? ['--security'] : []),
		...(on('bugfix') ? ['--bugfix'] : []),
		...(on('download_only') ? ['--downloadonly'] : []),
		...(word('download_dir') ? [`--downloaddir=${word('download_dir')}`] : []),
		...(verb === 'remove' && !on('autoremove') ? ['--setopt=clean_requirements_on_remove=False'] : []),
	];
}
