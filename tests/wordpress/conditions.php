<?php
// A must-use plugin of the peer: lets one request meet a WordPress in trouble, or one that is set up otherwise.
// The request asks for it in its User-Agent, "Vocero-test (name=value; name=value)", so that tests which share
// the site do not disturb each other.
//
//   late=publish:3      the answer to a publishing comes 3 s late, after the post is public; also draft, media,
//                       comment (what was written is complete when the waiting starts)
//   zone=Asia/Kolkata   the site's time zone
//   plain=1             "plain" permalinks: no /wp-json/
//   notices=1           a plugin prints a PHP notice before the JSON
//   broken=publish      PHP dies after the post was published
//   trashless=1         the site keeps no trash
//   utf8=1              the emoji of an old database: stored as entities (column character set utf8)

(function (): void {
    if (!preg_match('/^Vocero-test \((.*)\)$/', $_SERVER['HTTP_USER_AGENT'] ?? '', $match)) {
        return;
    }
    $conditions = [];
    foreach (explode(';', $match[1]) as $pair) {
        [$name, $value] = explode('=', trim($pair), 2);
        $conditions[$name] = $value;
    }
    if (isset($conditions['zone'])) {
        add_filter('pre_option_timezone_string', fn () => $conditions['zone']);
    }
    if (isset($conditions['plain'])) {
        add_filter('pre_option_permalink_structure', fn () => '');
        add_filter('pre_option_rewrite_rules', fn () => '');
    }
    if (isset($conditions['notices'])) {
        add_action('rest_api_init', function (): void {
            echo "<br />\n<b>Notice</b>: Undefined index: x in /srv/plugins/old.php on line 7<br />\n";
        });
    }
    if (isset($conditions['trashless'])) {
        add_filter('rest_post_trashable', '__return_false');
    }
    if (isset($conditions['utf8'])) {
        add_filter('pre_get_col_charset', fn () => 'utf8');
    }
    $written = function (string $what) use ($conditions): void {
        [$late, $seconds] = explode(':', $conditions['late'] ?? ':');
        if ($late === $what) {
            sleep((int) $seconds);
        }
        if (($conditions['broken'] ?? '') === $what) {
            throw new Error('a plugin dies here');
        }
    };
    add_action('rest_after_insert_post', fn ($post) => $written($post->post_status));
    add_action('rest_after_insert_attachment', fn () => $written('media'));
    add_action('rest_after_insert_comment', fn () => $written('comment'));
})();
