<?php
declare(strict_types=1);

/** The trimmed content of a file, or the fallback if there is none. */
function line_of(string $path, string $fallback): string
{
    $text = is_readable($path) ? trim((string) file_get_contents($path)) : '';
    return htmlspecialchars($text === '' ? $fallback : $text);
}

$version = line_of(__DIR__ . '/VERSION', 'unknown');
// cloud-init writes it at the first boot of each instance, so it is also right on instances from an image.
$instance = line_of('/var/lib/cloud/data/instance-id', (string) gethostname());
?>
<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Version <?= $version ?></title>
  <style>
    :root { color-scheme: light dark; --ink: #16202c; --paper: #f3f6fa; --card: #fff; --soft: #5b6b7d; --line: #dde4ec; --accent: #e07a1f; }
    @media (prefers-color-scheme: dark) {
      :root { --ink: #e9eef4; --paper: #10161d; --card: #18212b; --soft: #93a3b5; --line: #2a3643; }
    }
    * { box-sizing: border-box; }
    body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
    main { width: min(34rem, 100%); padding: 2.5rem; background: var(--card); border: 1px solid var(--line); border-top: 4px solid var(--accent); border-radius: 12px; }
    p { margin: 0; color: var(--soft); }
    h1 { margin: .25rem 0 2rem; font-size: clamp(2.5rem, 10vw, 4rem); line-height: 1; letter-spacing: -.03em; }
    dl { display: grid; grid-template-columns: max-content 1fr; gap: .5rem 1.5rem; margin: 0; padding-top: 1.5rem; border-top: 1px solid var(--line); }
    dt { color: var(--soft); }
    dd { margin: 0; font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
  </style>
</head>
<body>
  <main data-version="<?= $version ?>">
    <p>This instance runs version</p>
    <h1><?= $version ?></h1>
    <dl>
      <dt>Instance</dt>
      <dd><?= $instance ?></dd>
      <dt>PHP</dt>
      <dd><?= PHP_VERSION ?></dd>
      <dt>Time</dt>
      <dd><?= gmdate('Y-m-d H:i:s') ?> UTC</dd>
    </dl>
  </main>
</body>
</html>
