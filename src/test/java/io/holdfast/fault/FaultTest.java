package io.holdfast.fault;

import io.holdfast.support.HoldfastTest;
import io.holdfast.support.NothingLeft;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.test.context.TestPropertySource;

/** The application, which holds nobody who does nothing for long; all is given back after each test. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@HoldfastTest
@ExtendWith(NothingLeft.class)
@TestPropertySource(properties = "holdfast.idle.tcp=2s")
@interface FaultTest {}
