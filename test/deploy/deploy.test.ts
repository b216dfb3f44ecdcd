import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '..', '..');
const read = (name: string) => readFileSync(join(ROOT, name), 'utf8');
const present = (program: string) => spawnSync(program, ['-v']).error === undefined;

const haveNginx = present('nginx') && present('openssl');
if (!haveNginx && process.env['CI'] === 'true') throw new Error('nginx and openssl are needed under CI=true');

describe('the image', () => {
  const dockerfile = read('Dockerfile');

  it('is sent everything it copies and nothing it does not', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap((match) =>
      match[1]!.split(' '),
    );
    const sent = [...read('.dockerignore').matchAll(/^!(.+)$/gm)].map((match) => match[1]!);
    expect(new Set(copied)).toEqual(new Set(sent));
  });

  it('runs as a person without rights and asks the gateway itself whether it is well', () => {
    const runtime = dockerfile.slice(dockerfile.indexOf('AS runtime'));
    expect(runtime).toMatch(/^USER node$/m);
    expect(runtime).toContain('/livez');
    expect(runtime).toMatch(/rm -rf \/usr\/local\/lib\/node_modules/);
  });
});

(haveNginx ? describe : describe.skip)('the nginx example', () => {
  it('is accepted by nginx', () => {
    const folder = mkdtempSync(join(tmpdir(), 'qaqpa-nginx-'));
    try {
      const [key, certificate] = ['key', 'crt'].map((end) => join(folder, `gate.example.kz.${end}`));
      execFileSync(
        'openssl',
        [
          'req',
          '-x509',
          '-newkey',
          'ec',
          '-pkeyopt',
          'ec_paramgen_curve:P-256',
          '-nodes',
          '-days',
          '2',
        ].concat(['-subj', '/CN=gate.example.kz', '-keyout', key!, '-out', certificate!]),
        { stdio: 'ignore' },
      );
      const conf = join(folder, 'nginx.conf');
      writeFileSync(
        conf,
        `pid ${folder}/nginx.pid;\n` +
          read('deploy/nginx.conf')
            .replaceAll('/etc/nginx/tls/', `${folder}/`)
            .replaceAll('/var/log/nginx/', `${folder}/`),
      );
      const { status, stderr } = spawnSync(
        'nginx',
        ['-t', '-p', folder, '-e', `${folder}/error.log`, '-c', conf],
        {
          encoding: 'utf8',
        },
      );
      expect(`${status} ${stderr}`).toMatch(/^0 [\s\S]*test is successful/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('passes on no forwarding header that a visitor could have written', () => {
    const conf = read('deploy/nginx.conf');
    for (const header of ['X-Forwarded-For', 'X-Forwarded-Proto', 'X-Forwarded-Host', 'Forwarded']) {
      expect(conf).toMatch(new RegExp(`proxy_set_header ${header} (\\$remote_addr|\\$scheme|"");`));
    }
    expect(conf).not.toContain('$proxy_add_x_forwarded_for');
  });
});
