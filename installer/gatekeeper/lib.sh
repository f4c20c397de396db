# What install and uninstall share. Sourced, not run: they set what it reads, and read what it sets.
# shellcheck shell=sh disable=SC2034,SC2154

LC_ALL=C
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
unset IFS CDPATH ENV PGSERVICE PGSERVICEFILE PGHOST PGPORT PGUSER PGDATABASE PGOPTIONS PGPASSWORD PGPASSFILE PGSYSCONFDIR
umask 022

gatekeeper_role=latchkey_gatekeeper_pam
role_comment='Made by the Latchkey gatekeeper: asks whether an access token opens a role; may do nothing else.'
state_root=/var/lib/latchkey
unfinished=.latchkey-new

say() { printf '%s\n' "$*"; }

die() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# Whether the whole of $1 matches the extended regular expression $2; a newline never does.
matches() {
    case $1 in *"
"*) return 1 ;; esac
    printf '%s\n' "$1" | grep -Eqx -- "$2"
}

require_root() {
    [ "$(id -u)" = 0 ] || die 'must be run as root'
}

require_service_name() {
    matches "$1" '[a-z][a-z0-9_-]{0,31}' || die 'the service name must be 1 to 32 of a-z, 0-9, _ and -, and begin with a letter'
}

# One at a time, however many services: the folder of PAM's files is the lock, so that nothing is left.
lock_machine() {
    exec 9</etc/pam.d
    flock -w 60 9 || die 'install or uninstall is running already'
}

# Root's own, with every folder above it: nobody else can put something in its place.
require_private_folder() {
    folder=$1
    while :; do
        [ ! -L "$folder" ] || die "$folder is a symbolic link"
        [ -d "$folder" ] || die "$folder is not a folder"
        [ "$(stat -c %u "$folder")" = 0 ] || die "$folder does not belong to root"
        [ -z "$(find "$folder" -prune -perm /022)" ] || die "$folder can be written to by others than root"
        [ "$folder" = / ] && return
        folder=$(dirname "$folder")
    done
}

# A value of the state that install left behind.
state() { sed -n "s/^$1=//p" "$state_folder/options"; }

# Puts a file of root's in its place, whole or not at all: place MODE FROM TO.
place() {
    install -m "$1" -o root -g root "$2" "$3$unfinished"
    sync "$3$unfinished"
    mv -T "$3$unfinished" "$3"
    sync "$(dirname "$3")"
}

# What an install or uninstall that was killed left of its state: it was not in force yet, or no longer.
remove_unfinished_state() {
    [ -e "$unfinished_state" ] || [ -L "$unfinished_state" ] || return 1
    require_private_folder "$unfinished_state"
    rm -rf "$unfinished_state"
}

# Runs a command as the server's OS user, who owns the server's files: a link that he planted there reaches no further
# than he does.
as_server() { (cd / && exec runuser -u "$os_user" -- env -i PATH="$PATH" LC_ALL=C "$@"); }

# Runs SQL from standard input as superuser, in one transaction, without anybody's psqlrc or environment.
sql() {
    as_server psql -X -q -A -t -w -1 -v ON_ERROR_STOP=1 -h "$socket_folder" -p "$port" -U "$superuser" -d "$1"
}

reload() { echo 'select pg_reload_conf()' | sql "$database" >/dev/null; }

# Changes a configuration file of the server, as its OS user and in one step: edit first|last|remove FILE <BLOCK.
# "first" is before the first line that is no comment; "remove" takes nothing but the exact block. Owner and mode stay.
# shellcheck disable=SC2016 # Perl's own variables.
edit() {
    as_server perl -e '
        use strict; use warnings; use IO::Handle;
        my ($verb, $path, $unfinished) = @ARGV;
        my $block = do { local $/; <STDIN> };
        die "$path is a symbolic link\n" if -l $path;
        open my $in, "<", $path or die "$path: $!\n";
        my @was = stat $in;
        my $text = do { local $/; <$in> } // "";
        if ($verb eq "first") {
            $text =~ /\A((?:[ \t]*(?:#[^\n]*)?\n)*)/;
            die "$path: a line before the first rule ends in a backslash\n" if $1 =~ /\\\n\z/;
            substr $text, length $1, 0, $block;
        } elsif ($verb eq "last") {
            die "$path: the last line ends in a backslash\n" if $text =~ /\\\n?\z/;
            $text .= $block;
        } else {
            my $at = index $text, $block;
            die "$path: the block is not there as it was written\n" if $at < 0 || index($text, $block, $at + 1) >= 0;
            substr $text, $at, length $block, "";
        }
        my $new = $path . $unfinished;
        unlink $new;
        sysopen my $out, $new, 0301, 0600 or die "$new: $!\n";    # O_WRONLY, O_CREAT, O_EXCL
        chown $was[4], $was[5], $out or die "$new: $!\n";
        chmod $was[2] & 07777, $out or die "$new: $!\n";
        print {$out} $text or die "$new: $!\n";
        $out->flush && $out->sync or die "$new: $!\n";
        close $out or die "$new: $!\n";
        rename $new, $path or die "$path: $!\n";
        open my $folder, "<", $path =~ s{/[^/]*\z}{/}r or die "$path: $!\n";
        $folder->sync or die "$path: $!\n";
    ' "$1" "$2" "$unfinished"
}

# Says how a block stands in a file: there, gone, or altered (its first line is there, the rest is not as written).
# shellcheck disable=SC2016 # Perl's own variables.
block_state() {
    as_server perl -e '
        my ($path) = @ARGV;
        my $block = do { local $/; <STDIN> };
        open my $in, "<", $path or die "$path: $!\n";
        my $text = do { local $/; <$in> } // "";
        my ($mark) = $block =~ /\A\n?([^\n]*)\n/;
        my $count = () = $text =~ /^\Q$mark\E$/mg;
        my $whole = index($text, $block) >= 0;
        print $count == 0 ? "gone" : $count == 1 && $whole ? "there" : "altered";
    ' "$1"
}
