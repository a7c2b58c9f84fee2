#!/bin/sh
# Makes two small repositories of rpm packages in /srv/repository on the host where it runs: `base` is enabled, `extra` is not.
set -eu
top=/srv/repository

# package REPOSITORY NAME VERSION [LINE...]: a package with one file, which holds its version; LINEs are lines of its spec.
package() {
	repository=$1 name=$2 version=$3; shift 3
	mkdir -p "$top/$repository" "$top/build"
	{
		printf 'Name: %s\nVersion: %s\nRelease: 1\nSummary: A test\nLicense: MIT\nBuildArch: noarch\n' "$name" "$version"
		for line; do echo "$line"; done
		printf '%%description\nA test\n%%install\nmkdir -p %%{buildroot}/opt/%s\necho %s >%%{buildroot}/opt/%s/version\n%%files\n/opt/%s\n' "$name" "$version" "$name" "$name"
	} >"$top/build/$name.spec"
	rpmbuild -bb --quiet --define "_topdir $top/build" --define "_rpmdir $top/$repository" --define '_build_name_fmt %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm' \
		"$top/build/$name.spec"
}

package base greeting 1.0
package base hello 1.0 'Requires: greeting' 'Recommends: manners'
package base hello 2.0 'Requires: greeting' 'Recommends: manners'
package base manners 1.0
package base tool 1.0 'Provides: virtual-tool'
package base broken 1.0 'Requires: nothing-has-this'
package base rival 1.0 'Conflicts: tool'
package extra tool 2.0 'Provides: virtual-tool'
package extra single 0.9 'Epoch: 1'
rm -rf "$top/build"
mkdir /srv/root

mkdir -p /etc/yum.repos.d
for repository in base extra; do
	createrepo_c --quiet "$top/$repository"
	enabled=1
	[ $repository = base ] || enabled=0
	printf '[%s]\nname=%s\nbaseurl=file://%s\nenabled=%s\ngpgcheck=0\n' $repository $repository "$top/$repository" $enabled >/etc/yum.repos.d/$repository.repo
done
