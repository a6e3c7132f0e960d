// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import static io.holdfast.support.Waiting.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.util.FileSystemUtils;

/** A real proxy on a free port before something of this machine; ended when it is closed. */
public final class Proxy implements AutoCloseable {

    private static final String ADDRESS = "127.0.0.1";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    // Below those that the kernel gives to connections going out.
    private static final int FIRST_PORT = 12_000;
    private static final int PORTS = 7_000;

    private final int port;
    private final Path home;
    private final Program program;

    private Proxy(int port, Path home, Program program) {
        this.port = port;
        this.home = home;
        this.program = program;
    }

    /**
     * nginx before an HTTP server; it passes WebSockets on, and buffers unless the server asks it not to.
     *
     * @param directives of its location, as {@code proxy_read_timeout 3s;}
     */
    public static Proxy nginx(int server, String directives) throws IOException {
        return nginx(server, "", "", directives);
    }

    /** As {@link #nginx(int, String)}, with TLS and HTTP/2 for the client. */
    public static Proxy nginx(int server, TestCertificate certificate, String directives) throws IOException {
        return nginx(
                server,
                " ssl http2",
                "ssl_certificate " + certificate.file() + "; ssl_certificate_key " + certificate.key() + ";",
                directives);
    }

    private static Proxy nginx(int server, String listen, String tls, String directives) throws IOException {
        int port = freePort();
        Path home = Files.createTempDirectory("nginx");
        Path settings = Files.writeString(
                home.resolve("nginx.conf"), """
                daemon off; master_process off; pid %1$s/pid; error_log %1$s/error.log;
                events { worker_connections 512; }
                http {
                  access_log off;
                  client_body_temp_path %1$s/body; proxy_temp_path %1$s/proxy; fastcgi_temp_path %1$s/fastcgi;
                  uwsgi_temp_path %1$s/uwsgi; scgi_temp_path %1$s/scgi;
                  map $http_upgrade $connection_upgrade { default upgrade; '' close; }
                  server {
                    listen 127.0.0.1:%2$d%5$s;
                    %6$s
                    location / {
                      proxy_pass http://127.0.0.1:%3$d;
                      proxy_http_version 1.1;
                      proxy_set_header Upgrade $http_upgrade;
                      proxy_set_header Connection $connection_upgrade;
                      proxy_set_header Host $http_host;
                      %4$s
                    }
                  }
                }
                """.formatted(home, port, server, directives, listen, tls));
        return started(port, home, "nginx", "-e", home.resolve("error.log").toString(), "-c", settings.toString());
    }

    /**
     * HAProxy before a server.
     *
     * @param mode {@code http} or {@code tcp}
     * @param timeouts as {@code timeout server 3s}, a line each; those not named are an hour
     */
    public static Proxy haproxy(int server, String mode, String... timeouts) throws IOException {
        int port = freePort();
        Path home = Files.createTempDirectory("haproxy");
        Path settings = Files.writeString(
                home.resolve("haproxy.cfg"), """
                defaults
                  timeout connect 2s
                  timeout client 1h
                  timeout server 1h
                listen all
                  mode %s
                  bind 127.0.0.1:%d
                  server one 127.0.0.1:%d
                  %s
                """.formatted(mode, port, server, String.join("\n  ", timeouts)));
        return started(port, home, "haproxy", "-q", "-f", settings.toString());
    }

    /**
     * Caddy before an HTTP server.
     *
     * @param timeouts of its server, as {@code idle 3s}
     * @param transport subdirectives of its transport, as {@code read_timeout 3s}
     */
    public static Proxy caddy(int server, String timeouts, String transport) throws IOException {
        int port = freePort();
        Path home = Files.createTempDirectory("caddy");
        Path settings =
                Files.writeString(home.resolve("Caddyfile"), """
                {
                  admin off
                  auto_https off
                  storage file_system %1$s
                  servers {
                    timeouts {
                      %5$s
                    }
                  }
                }
                http://localhost:%2$d {
                  bind 127.0.0.1
                  reverse_proxy 127.0.0.1:%3$d {
                    transport http {
                      %4$s
                    }
                  }
                }
                """.formatted(home, port, server, transport, timeouts));
        Program.requireOnPath("caddy");
        return started(
                port,
                home,
                "env",
                "XDG_CONFIG_HOME=" + home,
                "caddy",
                "run",
                "--config",
                settings.toString(),
                "--adapter",
                "caddyfile");
    }

    /**
     * Apache before an HTTP server. A rewrite rule passes WebSockets on, as its documentation shows.
     *
     * @param directives as {@code ProxyTimeout 3}, a line each
     */
    public static Proxy apache(int server, String... directives) throws IOException {
        int port = freePort();
        Path home = Files.createTempDirectory("apache");
        Path settings = Files.writeString(
                home.resolve("httpd.conf"), """
                ServerRoot %1$s
                ServerName localhost
                DefaultRuntimeDir %1$s
                PidFile %1$s/pid
                ErrorLog %1$s/error.log
                Listen 127.0.0.1:%2$d
                User nobody
                Group nogroup
                LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
                LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
                LoadModule rewrite_module /usr/lib/apache2/modules/mod_rewrite.so
                LoadModule proxy_module /usr/lib/apache2/modules/mod_proxy.so
                LoadModule proxy_http_module /usr/lib/apache2/modules/mod_proxy_http.so
                LoadModule proxy_wstunnel_module /usr/lib/apache2/modules/mod_proxy_wstunnel.so
                %4$s
                RewriteEngine On
                RewriteCond %%{HTTP:Upgrade} websocket [NC]
                RewriteRule ^/(.*) ws://127.0.0.1:%3$d/$1 [P,L]
                ProxyPass / http://127.0.0.1:%3$d/ flushpackets=on
                """.formatted(home, port, server, String.join("\n", directives)));
        return started(port, home, "apache2", "-X", "-f", settings.toString());
    }

    /**
     * Varnish before an HTTP server. It caches nothing, and pipes WebSockets.
     *
     * @param parameters as {@code pipe_timeout=3}
     */
    public static Proxy varnish(int server, String... parameters) throws IOException {
        int port = freePort();
        Path home = Files.createTempDirectory("varnish");
        Path settings = Files.writeString(home.resolve("default.vcl"), """
                vcl 4.1;
                backend default { .host = "127.0.0.1"; .port = "%d"; }
                sub vcl_recv {
                  if (req.http.Upgrade ~ "(?i)websocket") { return (pipe); }
                  return (pass);
                }
                sub vcl_pipe {
                  set bereq.http.Upgrade = req.http.Upgrade;
                  set bereq.http.Connection = req.http.Connection;
                }
                """.formatted(server));
        List<String> command = new ArrayList<>(List.of(
                "varnishd",
                "-F",
                "-j",
                "none",
                "-n",
                home.toString(),
                "-a",
                "127.0.0.1:" + port,
                "-f",
                settings.toString(),
                "-s",
                "malloc,16m"));
        for (String parameter : parameters) {
            command.addAll(List.of("-p", parameter));
        }
        return started(port, home, command.toArray(String[]::new));
    }

    private static Proxy started(int port, Path home, String... command) throws IOException {
        Proxy proxy = new Proxy(port, home, Program.start(command));
        await().atMost(PATIENCE).until(() -> isListening(port));
        return proxy;
    }

    private static boolean isListening(int port) {
        try (Socket socket = new Socket(InetAddress.ofLiteral(ADDRESS), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() {
        while (true) {
            int port = FIRST_PORT + ThreadLocalRandom.current().nextInt(PORTS);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.ofLiteral(ADDRESS))) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // It is taken.
            }
        }
    }

    public int port() {
        return port;
    }

    @Override
    public void close() throws IOException {
        program.close();
        FileSystemUtils.deleteRecursively(home);
    }
}
