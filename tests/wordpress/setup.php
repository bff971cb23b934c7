<?php
// Installs the peer's WordPress without a browser and prints, as JSON, one user for each role.
// Usage: php setup.php WWW URL
define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = parse_url($argv[2], PHP_URL_HOST) . ':' . parse_url($argv[2], PHP_URL_PORT);
$_SERVER['REQUEST_URI'] = '/';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
require $argv[1] . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
require_once ABSPATH . 'wp-admin/includes/user.php';

wp_install('INPE de prueba', 'administrator1', 'administrator1@example.test', true, '', wp_generate_password(24));
update_option('permalink_structure', '/%year%/%monthnum%/%postname%/');
$GLOBALS['wp_rewrite']->init();
flush_rewrite_rules(false);

$users = [];
foreach (['administrator', 'editor', 'author', 'contributor', 'subscriber'] as $role) {
    $login = $role . '1';
    $id = username_exists($login) ?: wp_insert_user([
        'user_login' => $login,
        'user_email' => "$login@example.test",
        'user_pass' => wp_generate_password(24),
        'role' => $role,
    ]);
    [$password] = WP_Application_Passwords::create_new_application_password($id, ['name' => 'vocero']);
    $users[$role] = ['id' => $id, 'name' => $login, 'password' => WP_Application_Passwords::chunk_password($password)];
}
echo json_encode(['version' => $GLOBALS['wp_version'], 'users' => $users]);
