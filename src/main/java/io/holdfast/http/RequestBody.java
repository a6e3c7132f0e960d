package io.holdfast.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Supplier;

/** A request's body, read whole. */
final class RequestBody {

    private RequestBody() {}

    /** Grows with what arrives: an announcement alone takes no memory. A body that ends early Jetty fails itself. */
    static byte[] read(HttpServletRequest request, int most, Supplier<? extends RuntimeException> tooLarge)
            throws IOException {
        long announced = request.getContentLengthLong();
        if (announced > most) {
            throw tooLarge.get();
        }
        InputStream input = request.getInputStream();
        if (announced >= 0) {
            return input.readNBytes((int) announced);
        }
        byte[] body = input.readNBytes(most);
        if (body.length == most && input.read() >= 0) {
            throw tooLarge.get();
        }
        return body;
    }
}
