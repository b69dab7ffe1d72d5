package io.staplegate.handshake;

import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.jcajce.util.JcaJceHelper;
import org.bouncycastle.tls.crypto.TlsECConfig;
import org.bouncycastle.tls.crypto.TlsECDomain;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;

/** Bouncy Castle's crypto over given providers; keeps a curve's parameters, which the engine asks for each time. */
final class EngineCrypto extends JcaTlsCrypto {
    private final Map<Integer, TlsECDomain> domains = new ConcurrentHashMap<>();

    EngineCrypto(JcaJceHelper providers, SecureRandom random) {
        super(providers, random, random);
    }

    @Override
    public TlsECDomain createECDomain(TlsECConfig config) {
        return domains.computeIfAbsent(config.getNamedGroup(), group -> super.createECDomain(config));
    }
}
